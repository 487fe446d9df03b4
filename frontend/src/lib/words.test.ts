import { expect, test } from 'vitest'
import { bytes } from './words'

test('sizes are written as people say them', () => {
  for (const [n, words] of [
    [0, '0 kB'], [1, '1 kB'], [36_000, '36 kB'], [99_999, '100 kB'], [100_000, '0,1 MB'], [2_449_999, '2,4 MB'], [13_700_000, '13,7 MB'],
    [123_400_000, '123 MB'], [999_499_999, '999 MB'], [1_000_000_000, '1 GB'], [2_147_483_648, '2,1 GB'], [5_000_000_000_000, '5.000 GB'],
  ] as const) expect(bytes(n)).toBe(words.replace(' ', '\u00a0'))
})
