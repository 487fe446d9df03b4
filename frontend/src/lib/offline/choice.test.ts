import { expect, test } from 'vitest'
import { qualities, sum, wanted } from './choice'

const film = (asset: string, ...forms: [string, number][]) => forms.map(([rendition, bytes]) => ({ asset, url: `/media/${asset}/${rendition}.mp4`, bytes, rendition }))
const lessons = [
  { lesson: '1', files: [...film('a', ['240p', 2], ['audio', 1], ['480p', 4]), { asset: 'a', url: '/media/a/captions.vtt', bytes: 0 }] },
  { lesson: '2', files: [...film('silent', ['240p', 2]), ...film('talk', ['audio', 1])] },
  { lesson: '3', files: [{ asset: 'd', url: '/media/d/p', bytes: 10, pages: 2 }, { asset: 'd', url: '/media/d/source', bytes: 7 }, { asset: 'a', url: '/media/a/captions.vtt', bytes: 0 }] },
]
const names = (quality: string) => wanted(lessons, quality).map((f) => f.url.replace('/media/', ''))

test('forms are offered from small to large, and not where there is nothing to choose', () => {
  expect(qualities(lessons)).toEqual(['240p', '480p', 'audio'])
  expect(qualities([{ lesson: '2', files: film('talk', ['audio', 1]) }])).toEqual([])
})

test('of each recording the chosen form is kept, or what is nearest to it', () => {
  const rest = ['d/p1.webp', 'd/p1.txt', 'd/p2.webp', 'd/p2.txt', 'd/source']
  expect(names('480p')).toEqual(['a/480p.mp4', 'a/captions.vtt', 'silent/240p.mp4', 'talk/audio.mp4', ...rest])
  expect(names('audio')).toEqual(['a/audio.mp4', 'a/captions.vtt', 'silent/240p.mp4', 'talk/audio.mp4', ...rest])
  expect(names('')).toEqual(['a/240p.mp4', 'a/captions.vtt', 'silent/240p.mp4', 'talk/audio.mp4', ...rest])
})

test('pages share the bytes that are told of all of them', () => {
  expect(sum(wanted(lessons, '480p'))).toBe(4 + 2 + 1 + 10 + 7)
})
