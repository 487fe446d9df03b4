import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { day } from '$lib/words'

type View = Schemas['AssignmentView']
export type State = Schemas['AssignedPerson']['state']

export const states: readonly [State | '', () => string][] = [
  ['', m.state_all],
  ['late', m.state_late],
  ['due', m.state_due],
  ['expiring', m.state_expiring],
  ['done', m.done],
]

export const level = (l: View['level']): string => (l === 'required' ? m.level_required() : m.level_recommended())

/** To whom an assignment goes. */
export const whom = (a: View): string => [a.unitName, a.positionTitles.length ? a.positionTitles.join(', ') : m.all_positions()].join(' · ')

/** What it asks, in one line. */
export const what = (a: View): string =>
  [level(a.level), m.assigned_due({ on: day(a.due) }), a.renewMonths ? m.counts_for({ n: a.renewMonths }) : m.counts_for_good()].join(' · ')
