import { describe, expect, it } from 'vitest'
import type { Schemas } from '$lib/api/client'
import { choices, pick, playlist, thrifty } from './quality'

const heights: Record<string, number> = { '240p': 240, '480p': 480, '720p': 720 }
const film = (transcode: 'running' | 'ready', ...names: string[]): Schemas['AssetView'] => ({
  id: 'a', kind: 'video', name: 'a.mp4', type: 'video/mp4', bytes: 9, state: 'ready', transcode,
  renditions: names.map((name) => ({ name, bytes: 1, bitrate: 1, url: `/media/a/${name}.mp4`, ...(heights[name] ? { height: heights[name] } : {}) })),
})
const names = (asset: Schemas['AssetView'], choice: string, thrift: boolean) => pick(asset, choice, thrift)?.name ?? 'source'
const whole = film('ready', '240p', 'audio', '480p', '720p')

describe('the quality', () => {
  it('is middling by itself, and small where bytes count', () => {
    expect(names(whole, '', false)).toBe('480p')
    expect(names(whole, '', true)).toBe('240p')
  })
  it('adapts by itself, but not where bytes count, something was chosen or there is only sound', () => {
    const listed = { ...whole, hlsUrl: '/media/a/master.m3u8' }
    expect(playlist(listed, '', false)).toBe('/media/a/master.m3u8')
    expect([playlist(listed, '', true), playlist(listed, '240p', false), playlist({ ...listed, kind: 'audio' }, '', false), playlist(whole, '', false)]).toEqual([undefined, undefined, undefined, undefined])
  })
  it('is what was chosen, where there is such', () => {
    expect(names(whole, '720p', true)).toBe('720p')
    expect(names(whole, 'audio', false)).toBe('audio')
    expect(names(film('ready', '240p', 'audio', '480p'), '720p', false)).toBe('480p')
  })
  it('is the source while nothing fitting is made', () => {
    expect(names(film('running'), '', true)).toBe('source')
    expect(names(film('running', '240p', 'audio'), '', false)).toBe('source')
    expect(names(film('running', '240p', 'audio'), '', true)).toBe('240p')
  })
  it('is the largest of a film that is small itself', () => {
    expect(names(film('ready', '240p', 'audio'), '', false)).toBe('240p')
  })
  it('is offered from small to large, and sound alone at last', () => {
    expect(choices(film('ready', '720p', 'audio', '240p', '480p')).map((r) => r.name)).toEqual(['240p', '480p', '720p', 'audio'])
  })
})

describe('thrift', () => {
  it('follows what the network says of itself', () => {
    for (const c of [{ saveData: true }, { effectiveType: '2g' }, { effectiveType: 'slow-2g' }, { effectiveType: '3g' }]) expect(thrifty(c)).toBe(true)
    for (const c of [{}, undefined, { effectiveType: '4g' }, { saveData: false }]) expect(thrifty(c)).toBe(false)
  })
})
