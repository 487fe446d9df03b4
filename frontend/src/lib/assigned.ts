import type { Schemas } from './api/client'
import * as m from './messages/messages'
import { day } from './words'

type Assigned = Schemas['Assigned']

/** Where somebody stands with what was assigned, with its day. */
export function stands(a: Pick<Assigned, 'state' | 'day'>): string {
  const on = a.day ? day(a.day) : ''
  return { late: m.assigned_late({ on }), due: m.assigned_due({ on }), expiring: m.assigned_expiring({ on }), done: m.done() }[a.state]
}

/** How binding it is, who assigned it and on what basis. */
export const why = (a: Assigned): string =>
  [a.level === 'required' ? m.level_required() : m.level_recommended(), m.assigned_by({ unit: a.by ?? '' }), a.basis && m.assigned_basis({ basis: a.basis })].filter(Boolean).join(' · ')
