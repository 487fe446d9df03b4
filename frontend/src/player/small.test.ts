import { expect, test } from 'vitest'
import { small, smallAt } from './small'

test('the small picture of a moment is found', () => {
  const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:10.000\nthumbs.jpg#xywh=0,0,160,90\n\n01:00:10.500 --> 01:00:20.000\nthumbs.jpg#xywh=160,90,160,90\n'
  const list = small(vtt, '/media/x/thumbs.vtt')
  expect(list).toEqual([
    { from: 0, file: '/media/x/thumbs.jpg', box: '0 0 160 90' },
    { from: 3_610_500, file: '/media/x/thumbs.jpg', box: '160 90 160 90' },
  ])
  expect(smallAt(list, 3_610_499)).toBe(list[0])
  expect(smallAt(list, 9_999_999)).toBe(list[1])
  expect(smallAt([], 5)).toBeUndefined()
})
