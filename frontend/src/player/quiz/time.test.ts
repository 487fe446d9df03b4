import { describe, expect, it } from 'vitest'
import { ahead, announced, left } from './time'

describe('the time that is left', () => {
  it('is told in minutes, in the last of them in seconds, and never below none', () => {
    expect(left(30 * 60_000)).toEqual({ unit: 'minutes', n: 30 })
    expect(left(60_001)).toEqual({ unit: 'minutes', n: 2 })
    expect(left(60_000)).toEqual({ unit: 'seconds', n: 60 })
    expect(left(1)).toEqual({ unit: 'seconds', n: 1 })
    expect(left(-5000)).toEqual({ unit: 'seconds', n: 0 })
  })
  it('is announced once at five minutes and once at one', () => {
    expect(announced(300_500, 299_500)).toBe(5)
    expect(announced(299_500, 298_500)).toBeUndefined()
    expect(announced(60_500, 59_500)).toBe(1)
  })
  it('is announced as one minute when the page slept over both', () => {
    expect(announced(400_000, 30_000)).toBe(1)
  })
})

describe('the clock', () => {
  it('goes by what was kept until the server was heard', () => {
    expect(ahead(0, 90_000)).toBe(90_000)
    expect(ahead(-1, 90_000)).toBe(90_000)
    expect(ahead(3000, 90_000)).toBe(3000)
  })
})
