import { describe, expect, it } from 'vitest'
import { Stretch, type Watched } from './stretch'

function follow(play: (s: Stretch) => void): Watched[] {
  const list: Watched[] = []
  play(new Stretch((s) => list.push(s)))
  return list
}

describe('a stretch', () => {
  it('is what lies between playing and pausing', () => {
    expect(follow((s) => { s.start(1000, 0); s.beat(3000, 2000); s.stop(4000, 3000) })).toEqual([{ fromMs: 1000, toMs: 4000, elapsedMs: 3000 }])
  })
  it('is reported every ten seconds without a gap', () => {
    const list = follow((s) => {
      s.start(0, 0)
      for (let t = 250; t <= 25_000; t += 250) s.beat(t, t)
      s.stop(25_000, 25_000)
    })
    expect(list.map((w) => [w.fromMs, w.toMs])).toEqual([[0, 10_000], [10_000, 20_000], [20_000, 25_000]])
  })
  it('does not count what a seek jumps over', () => {
    const list = follow((s) => { s.start(0, 0); s.beat(2000, 2000); s.cut(2000); s.start(60_000, 2100); s.stop(61_000, 3100) })
    expect(list.map((w) => [w.fromMs, w.toMs])).toEqual([[0, 2000], [60_000, 61_000]])
  })
  it('does not count a jump that no event told of', () => {
    const list = follow((s) => { s.start(0, 0); s.beat(2000, 2000); s.beat(60_000, 2250); s.stop(61_000, 3250) })
    expect(list.map((w) => [w.fromMs, w.toMs])).toEqual([[0, 2000], [60_000, 61_000]])
  })
  it('says nothing when nothing was played', () => {
    expect(follow((s) => { s.stop(5000, 10); s.start(5000, 20); s.stop(5100, 120) })).toEqual([])
  })
})
