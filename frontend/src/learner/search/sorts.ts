import type { Schemas } from '$lib/api/client'
import { lawKinds, lawStates } from '$lib/laws'
import * as m from '$lib/messages/messages'

/** The sorts of what can be found, each with its word in the address. */
export const sorts = [
  { code: 'course', path: 'khoa-hoc', name: m.search_courses },
  { code: 'lesson', path: 'bai-hoc', name: m.search_lessons },
  { code: 'law', path: 'van-ban', name: m.search_laws },
  { code: 'file', path: 'tai-lieu', name: m.search_files },
] as const

export type Sort = (typeof sorts)[number]

/** Where a hit opens: a film at its moment, a document at its page; legal documents have no page of their own. */
export function link({ course, lesson, atMs, page }: Schemas['SearchHit']): string | undefined {
  if (!course || !lesson) return course && `/khoa-hoc/${course}`
  const place = atMs ? `?luc=${Math.floor(atMs / 1000)}` : page ? `?trang=${page}` : ''
  return `/khoa-hoc/${course}/${lesson}${place}`
}

const words = (names: Record<string, () => string>) => (code: string) => names[code]?.() ?? code

export const lawState = words(lawStates)
export const lawKind = words(lawKinds)
