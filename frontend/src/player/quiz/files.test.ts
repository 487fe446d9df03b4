import { expect, test } from 'vitest'
import { mostBytes, words, wrong } from './files'

const pdf = new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d])

test.each<[string, Uint8Array, 'type' | 'size' | undefined]>([
  ['b.pdf', pdf, undefined],
  ['b.PDF', pdf, undefined],
  ['b.docx', pdf, 'type'],
  ['b.exe', pdf, 'type'],
  ['pdf', pdf, 'type'],
  ['b.pdf', new Uint8Array(), 'size'],
  ['b.pdf', new Uint8Array(mostBytes + 1), 'size'],
  ['b.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47]), undefined],
])('%s of %j is checked before it is sent', (name, data, fault) => expect(wrong(name, data)).toBe(fault))

test('words are counted between blanks of any kind', () => expect(['', ' ', 'một', 'một  hai\nba '].map(words)).toEqual([0, 0, 1, 3]))
