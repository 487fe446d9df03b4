import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { clock } from '$lib/words'

type Next = Schemas['NextLesson']

/** Where in a lesson somebody is: the minute of a recording, the page of a document; nothing at its beginning. */
export const place = (next: Next): string => (next.atMs ? m.search_at({ at: clock(next.atMs) }) : next.page ? m.search_page({ n: next.page }) : '')

/** The lesson with which somebody goes on or, before they are on the course, the course. */
export const to = (card: Schemas['CourseCard']): string => `/khoa-hoc/${card.id}${card.enrolment && card.next ? `/${card.next.lesson}` : ''}`
