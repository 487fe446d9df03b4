/** A rectangle on a picture, in basis points of its width and height. */
export interface Area { x: number; y: number; width: number; height: number }

export interface Point { x: number; y: number }

const full = 10_000
/** How small a side may be. */
export const least = 100

const within = (n: number, from: number, to: number) => Math.min(to, Math.max(from, n))

/** A place on the picture in tenths of a percent, from 0 to 1 on each side of the box. */
export const pointAt = (x: number, y: number): Point => ({ x: within(Math.round(x * 1000), 0, 1000) * 10, y: within(Math.round(y * 1000), 0, 1000) * 10 })

/** The rectangle between two corners, however they lie. */
export const between = (a: Point, b: Point): Area => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) })

/** The rectangle moved, as far as the picture goes. */
export const shifted = (a: Area, dx: number, dy: number): Area => ({ ...a, x: within(a.x + dx, 0, full - a.width), y: within(a.y + dy, 0, full - a.height) })

/** The rectangle with its lower right corner moved, as far as the picture goes. */
export const stretched = (a: Area, dx: number, dy: number): Area => ({ ...a, width: within(a.width + dx, least, full - a.x), height: within(a.height + dy, least, full - a.y) })

const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** What a key does to a rectangle: arrows move it by a percent, with Shift they stretch it. */
export function pressed(a: Area, key: string, shift: boolean): Area | undefined {
  const step = steps[key]
  return step && (shift ? stretched : shifted)(a, step[0] * 100, step[1] * 100)
}
