import { expect, test } from 'vitest'
import { fullness } from './storage'

test('authors hear of full storage from four fifths on', () => {
  for (const [bytes, cap, want] of [
    [0, undefined, 'free'], [5e12, undefined, 'free'], [0, 100, 'free'], [79, 100, 'free'],
    [80, 100, 'soon'], [99, 100, 'soon'], [100, 100, 'full'], [101, 100, 'full'],
  ] as const) expect(fullness(bytes, cap)).toBe(want)
})
