import { expect, test } from 'vitest'
import { retrying } from './retry'

const rest = (ms: number) => new Promise((go) => setTimeout(go, ms))

test('who tries meanwhile does not put the next try off, and the pauses double', async () => {
  const begun = performance.now()
  const tries: number[] = []
  const retry = retrying(() => {
    tries.push(Math.round((performance.now() - begun) / 1000))
    if (tries.length < 2) retry.later()
  })
  retry.later()
  for (let i = 0; i < 4; i++) {
    await rest(200)
    retry.later() // another answer that could not be sent
  }
  await rest(2600)
  expect(tries).toEqual([1, 3])
})

test('what went well, or a network, ends the pause that is left', async () => {
  let tries = 0
  const retry = retrying(() => tries++)
  retry.later()
  retry.soon()
  await rest(1200)
  expect(tries).toBe(1)
  retry.later()
  retry.done()
  await rest(1200)
  expect(tries).toBe(1)
})
