import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

type Notice = Schemas['NoticeView']

/** What a notice says. */
export const said = (n: Notice): string =>
  ({ anew: m.notice_anew, continue: m.notice_continue, follow_up: m.notice_follow_up, marked: m.notice_marked, new_course: m.notice_new_course, assigned: ({ title }: { title: string }) => m.notice_assigned({ title, on: n.from ?? '' }), call: ({ title }: { title: string }) => m.notice_call({ title, from: n.from ?? '' }) })[n.kind]({ title: n.title })

/** What a kind is called where it is chosen. */
export const kinds: Record<Schemas['NoticeChoice']['kind'], () => string> = {
  continue: m.notices_kind_continue,
  anew: m.notices_kind_anew,
  new_course: m.notices_kind_new_course,
  follow_up: m.notices_kind_follow_up,
  marked: m.notices_kind_marked,
  assigned: m.notices_kind_assigned,
  call: m.notices_kind_call,
  digest: m.notices_kind_digest,
}
