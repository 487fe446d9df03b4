import { expect, test } from 'vitest'
import { named, placesIn, query } from './moments'

test('a note names moments and pages, and is led there', () => {
  const text = `Nghe lại ${named({ ms: 130_900 })}, đọc ${named({ page: 3 })} và [2:10]; không phải [x] hay [2:60]`
  expect(placesIn(text).map((p) => [p.said, query(p)])).toEqual([['2:10', '?luc=130'], [expect.stringMatching(/^\w+\. 3$/), '?trang=3']])
})
