import { expect, test } from 'vitest'
import { between, pointAt, pressed, shifted, stretched } from './areas'

const area = { x: 1000, y: 2000, width: 3000, height: 500 }

test('an area is drawn from any corner, and not over an edge', () => {
  expect(between(pointAt(0.5, 0.25), pointAt(0.1, 1.3))).toEqual({ x: 1000, y: 2500, width: 4000, height: 7500 })
})
test('an area is moved and stretched as far as the picture goes', () => {
  expect(shifted(area, -2000, 9000)).toEqual({ ...area, x: 0, y: 9500 })
  expect(stretched(area, 9000, -9000)).toEqual({ ...area, width: 9000, height: 100 })
})
test('arrows move an area, and with Shift they stretch it', () => {
  expect(pressed(area, 'ArrowLeft', false)).toEqual({ ...area, x: 900 })
  expect(pressed(area, 'ArrowDown', true)).toEqual({ ...area, height: 600 })
  expect(pressed(area, 'Tab', false)).toBeUndefined()
})
