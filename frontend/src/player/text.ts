import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

/** The words of some runs, without their marks. */
export const words = (runs: Schemas['Inline'][] | null | undefined): string => (runs ?? []).map((run) => run.text).join('')

/** At most so many characters of a text, cut at a word. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, text.lastIndexOf(' ', most) + 1 || most).trimEnd()}\u2026`

/** A document, or an article of one, that ended. */
export const place = (law: Schemas['EndedLaw']): string => (law.article ? m.law_article_of({ article: law.article, number: law.number }) : law.number)
