import * as m from '$lib/messages/messages'
import { time } from '$lib/words'

const line = (at: Date) => m.note_joined_line({ at: time(at.toISOString()) })

/** Two texts of one note under each other, with a line between them that says so; one, where it holds the other. */
export function both(theirs: string, mine: string, at: Date): string {
  if (theirs.includes(mine)) return theirs
  if (mine.includes(theirs)) return mine
  return `${theirs}\n\n${line(at)}\n\n${mine}`
}

/** What somebody goes on writing on a text that they saw, into a note that is another meanwhile. */
export function carried(is: string, seen: string | undefined, text: string, at: Date): string {
  if (seen && is.endsWith(seen)) return is.slice(0, -seen.length) + text
  return both(is, text, at)
}
