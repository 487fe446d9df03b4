import { describe, expect, it } from 'vitest'
import { missing, union } from './spans'

describe('what was watched', () => {
  it('is joined whatever the order, and closes what beats leave open', () => {
    expect(union([[5000, 9000], [0, 4200], [20_000, 21_000], [8000, 8500]])).toEqual([[0, 9000], [20_000, 21_000]])
    expect(union([[0, 4000], [5001, 6000]])).toEqual([[0, 4000], [5001, 6000]])
    expect(union([])).toEqual([])
  })
  it('leaves what is missing', () => {
    expect(missing([[0, 9000], [20_000, 21_000]], 60_000)).toEqual([[9000, 20_000], [21_000, 60_000]])
    expect(missing([[500, 59_500]], 60_000)).toEqual([])
    expect(missing([], 60_000)).toEqual([[0, 60_000]])
    expect(missing([[70_000, 80_000]], 60_000)).toEqual([[0, 60_000]])
  })
})
