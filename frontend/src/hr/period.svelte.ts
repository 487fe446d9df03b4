import * as m from '$lib/messages/messages'
import { route } from '$lib/router.svelte'
import { today } from '$lib/words'

const year = Number(today().slice(0, 4))

/** The period in the address, or this year. */
export const period = () => route.query.get('ky') ?? String(year)

/** This year and the last, whole and in parts. */
export const periods = [year, year - 1].flatMap((y) => [
  { code: `${y}`, text: m.year({ year: y }) },
  ...[1, 2].map((h) => ({ code: `${y}-H${h}`, text: m.half({ n: h, year: y }) })),
  ...[1, 2, 3, 4].map((q) => ({ code: `${y}-Q${q}`, text: m.quarter({ n: q, year: y }) })),
  ...Array.from({ length: 12 }, (_, i) => ({ code: `${y}-${String(i + 1).padStart(2, '0')}`, text: m.month({ n: i + 1, year: y }) })),
])
