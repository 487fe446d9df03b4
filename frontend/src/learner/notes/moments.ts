import { clock } from '$lib/words'
import * as m from '$lib/messages/messages'

/** A place in a lesson that a note names: milliseconds of a recording, or a page. */
export interface Place {
  said: string
  ms?: number
  page?: number
}

const places = /\[(?:(\d{1,4}):([0-5]\d)|(?:tr|p)\. (\d{1,5}))\]/g

/** The places that a text names, each once. */
export function placesIn(text: string): Place[] {
  const found = new Map<string, Place>()
  for (const [all, minutes, seconds, page] of text.matchAll(places)) {
    const said = all.slice(1, -1)
    found.set(said, page ? { said, page: Number(page) } : { said, ms: (Number(minutes) * 60 + Number(seconds)) * 1000 })
  }
  return [...found.values()]
}

/** How a text names a place. */
export const named = (place: { ms: number } | { page: number }): string => `[${'ms' in place ? clock(place.ms) : m.note_page({ n: place.page })}]`

/** Where a place is, in the address of its lesson. */
export const query = (place: Place): string => (place.page ? `?trang=${place.page}` : `?luc=${place.ms! / 1000}`)
