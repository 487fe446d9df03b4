import { expect, test } from 'vitest'
import { Asking, type Answer } from './asking.svelte'

const at = (atMs: number, id: string) => ({ atMs, block: { id, type: 'question' as const } })
const film = [at(0, 'first'), at(2000, 'two'), at(2100, 'close'), at(9000, 'late')]

function played(known: Answer[], ...steps: number[]): string[] {
  const asking = new Asking(() => film, () => known)
  const stops: string[] = []
  for (const ms of steps) {
    if (ms < 0) asking.jumped(-ms)
    else {
      while (asking.played(ms)) {
        stops.push(asking.now!.block.id!)
        asking.now = undefined // skipped
      }
    }
  }
  return stops
}

test('it stops once for each question that it plays past, also for two at one beat', () => {
  expect(played([], 100, 1900, 2200, 2400)).toEqual(['first', 'two', 'close'])
})

test('what is jumped over or answered does not stop it', () => {
  expect(played([], 100, -8000, 8900, 9100)).toEqual(['first', 'late'])
  expect(played([{ question: 'two', chosen: [0] }], 100, 2200)).toEqual(['first', 'close'])
})

test('what was skipped stops it again the next time, and what was answered does not', () => {
  const asking = new Asking(() => film, () => [])
  asking.jumped(1000)
  expect(asking.played(2050)).toBe(true)
  expect(asking.played(2200)).toBe(false) // it stands
  asking.now = undefined
  asking.jumped(1000)
  expect(asking.played(2050)).toBe(true)
  expect(asking.answer([2, 0])).toEqual({ question: 'two', chosen: [0, 2] })
  asking.now = undefined
  asking.jumped(1000)
  expect(asking.played(2050)).toBe(false)
  expect(asking.open.map((q) => q.block.id)).toEqual(['first', 'close', 'late'])
})
