import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

/** The mark that is asked for. */
export const roles = { first: m.grading_first, second: m.grading_second, final: m.grading_final }

/** Whose attempt it is, or a code where nobody is to know. */
export const titleOf = (a: Pick<Schemas['ToMark'], 'id' | 'name'>) => a.name || m.grading_code({ code: a.id.slice(-8) })
