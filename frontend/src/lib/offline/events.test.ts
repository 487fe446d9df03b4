import { expect, test } from 'vitest'
import type { Waiting } from './device'
import { settled } from './events'

const day = 86_400_000
const noon = Date.parse('2026-11-03T05:00:00Z')

/** An event that a device recorded, by its own clock, when it knew this of the server's. */
const row = (device: number, ahead: number, heard: number): Waiting => ({
  person: 'p',
  ahead,
  heard,
  event: { id: 'i', enrolment: 'e', lesson: 'l', kind: 'opened', at: new Date(device + ahead).toISOString() },
})
const at = (w: Waiting, ahead: number, latest: number) => Date.parse(settled(w, ahead, latest))

for (const off of [-2 * day, -60_000, 0, 60_000, 2 * day]) {
  test(`a clock that is ${off} ms off all the time does not matter`, () => {
    const happened = noon
    const measured = row(happened + off, -off, noon - day)
    const guessed = row(happened + off, 0, noon - day) // the page was opened without a network
    for (const w of [measured, guessed]) expect(at(w, -off, noon + 3 * 3_600_000)).toBe(happened)
  })

  test(`a clock that was ${off} ms off, as was known, and is right when there is a network again`, () => {
    const w = row(noon + off, -off, noon - 3_600_000)
    const told = at(w, 0, noon + 3_600_000)
    expect(told).toBeGreaterThanOrEqual(noon - 3_600_000)
    expect(told).toBeLessThanOrEqual(noon + 3_600_000)
    if (Math.abs(off) === 2 * day) expect(told).toBe(noon)
  })
}

test('nothing is told of the future, nor of a time before the server was last heard', () => {
  for (const [off, ahead] of [[2 * day, 0], [-400 * day, 0], [-20_000 * day, 0], [5 * day, 3 * day]] as const) {
    const told = at(row(noon + off, 0, noon - day), ahead, noon + 1000)
    expect(told).toBeGreaterThanOrEqual(noon - day)
    expect(told).toBeLessThanOrEqual(noon + 1000)
  }
})

test('what an older app kept says nothing of clocks', () => {
  const { ahead: _, heard: __, ...old } = row(noon, 0, 0)
  expect(at(old, 0, noon + 1000)).toBe(noon)
})
