import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { day, time } from '$lib/words'

type Late = Schemas['LateAttempt']

/** dd/MM/yyyy HH:mm:ss in the time of Hanoi */
export const moment = (at: string) => `${time(at)}:${String(new Date(at).getUTCSeconds()).padStart(2, '0')}`

/** As moment, with the day only where it is not that of the end. */
export const beside = (end: string, at: string) => (day(at) === day(end) ? moment(at).slice(11) : moment(at))

/** When the attempt was over: when it was handed in or its time ran out. */
export const endOf = ({ deadline, ended }: Late) => [deadline, ended].filter((at) => at !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b))[0]

/** How long after the end something was, in words; before it, that. */
export function lateBy(end: string, at: string): string {
  const seconds = Math.ceil((Date.parse(at) - Date.parse(end)) / 1000)
  if (seconds <= 0) return m.studio_late_before()
  if (seconds < 60) return m.studio_late_by_seconds({ s: seconds })
  if (seconds < 3600) return m.studio_late_by_minutes({ m: Math.floor(seconds / 60), s: seconds % 60 })
  if (seconds < 2 * 86_400) return m.studio_late_by_hours({ h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) })
  return m.studio_late_by_days({ n: Math.floor(seconds / 86_400) })
}

/** How many answers the device wrote before the end, by its own clock. */
export const inTime = (attempt: Late) => attempt.answers.filter((a) => Date.parse(a.at) <= Date.parse(endOf(attempt) ?? a.at)).length
