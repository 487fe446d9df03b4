import { expect, test } from 'vitest'
import { Failure, type Problem } from '$lib/api/client'
import { passing, refusedForGood } from './kept'

const answered = (status: number) => new Failure('request.fault', { status } as Problem)

test('what passes is tried again as it is, and nothing else', () => {
  for (const failure of [new Failure('offline'), new Failure('request.fault'), answered(429), answered(500), answered(503)]) expect(passing(failure)).toBe(true)
  for (const status of [401, 403, 404, 409, 413, 422]) expect(passing(answered(status))).toBe(false)
})

test('what may have arrived is sent under its name again until it is known', () => {
  for (const failure of [new Failure('offline'), new Failure('request.fault'), answered(401), answered(403), answered(429), answered(500)]) expect(refusedForGood(failure)).toBe(false)
  for (const status of [409, 413, 422]) expect(refusedForGood(answered(status))).toBe(true)
})
