import { describe, expect, it } from 'vitest'
import { sentences, voiceOf } from './aloud'

const run = (text: string) => [{ text }]
const voice = (lang: string, localService: boolean) => ({ lang, localService, name: lang, default: false, voiceURI: lang })

describe('what is read aloud', () => {
  it('is the article sentence by sentence, with numbers and names whole', () => {
    expect(
      sentences([
        { type: 'heading', text: run('One') },
        { type: 'paragraph', text: [{ text: 'Law 80.2025 holds. ' }, { text: 'It is new!', marks: [{ type: 'bold' }] }] },
        { type: 'bullets', items: [run('first'), run('second; third')] },
        { type: 'table', rows: [[{ text: run('a') }, { text: run('b') }]] },
        { type: 'picture', alt: 'A map', text: run('') },
        { type: 'official', document: { issuer: 'SNV', number: '12/QD', article: 'A1' } },
      ]),
    ).toEqual(['One', 'Law 80.2025 holds.', 'It is new!', 'first', 'second;', 'third', 'a;', 'b', 'A map', 'SNV.', '12/QD.', 'A1'])
  })
  it('is never longer than a voice says at once, and nothing is lost', () => {
    const text = 'word '.repeat(200).trim()
    const list = sentences([{ type: 'paragraph', text: run(text) }, { type: 'paragraph', text: run('x'.repeat(400)) }])
    expect(Math.max(...list.map((s) => s.length))).toBeLessThanOrEqual(180)
    expect(list.join(' ').replaceAll(' ', '')).toBe(text.replaceAll(' ', '') + 'x'.repeat(400))
  })
  it('is said by a Vietnamese voice of the device alone', () => {
    expect(voiceOf([voice('en-US', true), voice('vi-VN', false), voice('vi_VN', true)])?.lang).toBe('vi_VN')
    expect(voiceOf([voice('en-US', true), voice('vi-VN', false)])).toBeUndefined()
  })
})
