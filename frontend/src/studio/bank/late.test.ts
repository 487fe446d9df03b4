import { expect, test } from 'vitest'
import type { Schemas } from '$lib/api/client'
import { beside, endOf, inTime, lateBy, moment } from './late'

const end = '2026-11-26T03:00:00Z'
const attempt = (more: Partial<Schemas['LateAttempt']>) => ({ answers: [], ...more }) as unknown as Schemas['LateAttempt']

test('how late is told in the largest measure that says it', () => {
  for (const [at, words] of [
    ['2026-11-26T02:59:59.500Z', 'trước khi hết giờ'], ['2026-11-26T03:00:00Z', 'trước khi hết giờ'], ['2026-11-26T03:00:00.200Z', 'muộn 1 giây'],
    ['2026-11-26T03:02:05Z', 'muộn 2 phút 5 giây'], ['2026-11-27T04:30:00Z', 'muộn 25 giờ 30 phút'], ['2026-11-29T04:00:00Z', 'muộn 3 ngày'],
  ] as const) expect(lateBy(end, at)).toBe(words)
})

test('an attempt ends when it is handed in or its time is over, whichever is first', () => {
  expect(endOf(attempt({ deadline: end, ended: '2026-11-26T02:50:00Z' }))).toBe('2026-11-26T02:50:00Z')
  expect(endOf(attempt({ deadline: end, ended: '2026-11-26T03:00:10Z' }))).toBe(end)
  expect(endOf(attempt({ ended: end }))).toBe(end)
  const answers = ['2026-11-26T02:59:00Z', end, '2026-11-26T03:00:01Z'].map((at, slot) => ({ at, slot, received: end, offline: true }))
  expect(inTime(attempt({ deadline: end, answers }))).toBe(2)
})

test('a moment has its seconds', () => {
  expect(moment('2026-11-26T03:00:05Z')).toBe('26/11/2026 10:00:05')
  expect([beside(end, '2026-11-26T16:59:59Z'), beside(end, '2026-11-26T17:00:00Z')]).toEqual(['23:59:59', '27/11/2026 00:00:00'])
})
