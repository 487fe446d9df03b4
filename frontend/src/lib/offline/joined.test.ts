import { expect, test } from 'vitest'
import { both, carried } from './joined'

const at = new Date('2026-11-24T01:00:00Z')

test('nothing of two texts is lost, and nothing is there twice', () => {
  const joined = both('của máy một', 'của máy hai', at)
  expect(joined.split('\n\n')).toEqual(['của máy một', expect.stringContaining('24/11/2026 08:00'), 'của máy hai'])
  expect(both('một hai', 'hai', at)).toBe('một hai')
  expect(both('một', 'một hai', at)).toBe('một hai')
  expect(both('một', '', at)).toBe('một')
  expect(both(joined, 'của máy hai', at)).toBe(joined)
})

test('who goes on writing while another text comes in keeps both', () => {
  const joined = both('của máy một', 'của máy', at)
  expect(carried(joined, 'của máy', 'của máy hai', at)).toBe(both('của máy một', 'của máy hai', at))
  expect(carried('khác hẳn', 'của máy', 'của máy hai', at)).toBe(both('khác hẳn', 'của máy hai', at))
  expect(carried('khác hẳn', undefined, 'mới', at)).toBe(both('khác hẳn', 'mới', at))
})
