import { beforeEach, describe, expect, it, vi } from 'vitest'
import { habits, keepHabits } from './habits'
import { press, type Played } from './keys'

describe('keys', () => {
  const played = (): Played => ({ paused: true, muted: false, currentTime: 55, duration: 60, playbackRate: 1, play: () => Promise.resolve(), pause: vi.fn() })
  const more = { captions: vi.fn(), full: vi.fn() }
  it('seek within the recording', () => {
    const media = played()
    press('l', media, more)
    expect(media.currentTime).toBe(60)
    for (let i = 0; i < 7; i++) press('J', media, more)
    expect(media.currentTime).toBe(0)
  })
  it('step through the speeds that are offered, and no further', () => {
    const media = played()
    for (let i = 0; i < 9; i++) press('>', media, more)
    expect(media.playbackRate).toBe(2)
    for (let i = 0; i < 9; i++) press('<', media, more)
    expect(media.playbackRate).toBe(0.75)
  })
  it('play, mute, show captions, and leave others alone', () => {
    const media = played()
    media.paused = false
    expect(press('k', media, more)).toBe(true)
    expect(media.pause).toHaveBeenCalledOnce()
    press('m', media, more)
    expect(media.muted).toBe(true)
    press('c', media, more)
    expect(more.captions).toHaveBeenCalledOnce()
    expect(press('x', media, more)).toBe(false)
  })
})

describe('habits', () => {
  beforeEach(() => localStorage.clear())
  it('are kept, and what makes no sense is not', () => {
    keepHabits({ rate: 1.5, muted: true })
    keepHabits({ volume: 0.25 })
    expect(habits()).toEqual({ volume: 0.25, muted: true, captions: true, rate: 1.5 })
    localStorage.setItem('haidang.player', '{"volume":7,"rate":16,"captions":false}')
    expect(habits()).toEqual({ volume: 1, muted: false, captions: false, rate: 1 })
    localStorage.setItem('haidang.player', 'no JSON')
    expect(habits().rate).toBe(1)
  })
})
