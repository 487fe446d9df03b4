import { expect, test } from 'vitest'
import { coalesced } from './coalesced'

test('what is asked for meanwhile is done once more, and everybody waits for it', async () => {
  let begun = 0
  let ended = 0
  let letGo = () => {}
  const flush = coalesced(async () => {
    begun++
    if (begun === 1) await new Promise<void>((go) => (letGo = go))
    ended++
  })
  const all = [flush(), flush(), flush()]
  expect(begun).toBe(1)
  letGo()
  await Promise.all(all)
  expect([begun, ended]).toEqual([2, 2])
  await flush()
  expect(ended).toBe(3)
})

test('work that fails is done again when it is asked for again', async () => {
  let times = 0
  const flush = coalesced(async () => {
    if (++times === 1) throw new Error('away')
  })
  await expect(flush()).rejects.toThrow('away')
  await flush()
  expect(times).toBe(2)
})
