import type { Failure, Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

/** A cue under the author's hands; times are as they are typed. */
export interface Row {
  key: string
  from: string
  to: string
  text: string
}

/** 1:02.500 of milliseconds, with hours where there are any. */
export function written(ms: number): string {
  const pad = (n: number, digits: number) => String(n).padStart(digits, '0')
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60]
  return `${hours > 0 ? `${hours}:${pad(minutes, 2)}` : minutes}:${pad(seconds, 2)}.${pad(ms % 1000, 3)}`
}

/** Milliseconds of 1:02.5, 1:02,500 or 1:00:02; undefined of what is no time. */
export function read(time: string): number | undefined {
  const parts = /^\s*(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?\s*$/.exec(time)
  if (!parts) return undefined
  const [, hours = '0', minutes, seconds, thousandths = ''] = parts
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000 + Number(thousandths.padEnd(3, '0'))
}

export const rows = (cues: Schemas['Cue'][]): Row[] =>
  cues.map((c) => ({ key: crypto.randomUUID(), from: written(c.fromMs), to: written(c.toMs), text: c.text }))

/** The cues of rows in the order of time; a time that is none gives its row. */
export function cues(list: Row[]): { cues: Schemas['Cue'][]; order: Row[] } | { wrong: Row } {
  const timed = []
  for (const row of list) {
    const [fromMs, toMs] = [read(row.from), read(row.to)]
    if (fromMs === undefined || toMs === undefined) return { wrong: row }
    timed.push({ row, cue: { fromMs, toMs, text: row.text } })
  }
  timed.sort((a, b) => a.cue.fromMs - b.cue.fromMs)
  return { cues: timed.map((t) => t.cue), order: timed.map((t) => t.row) }
}

const faults: Record<string, () => string> = {
  no_header: m.captions_no_header,
  encoding: m.captions_encoding,
  time: m.captions_time,
  negative: m.captions_time,
  backwards: m.captions_backwards,
  overlap: m.captions_overlap,
  too_long: m.captions_too_long,
  beyond_end: m.captions_beyond_end,
  empty: m.captions_empty,
  text_too_long: m.captions_text_too_long,
  too_many: m.captions_too_many,
}

/** Where captions are at fault and how, in words; undefined for other failures. */
export function fault(failure: Failure | undefined): string | undefined {
  const field = failure?.problem?.fields?.[0]
  const why = field && faults[field.code]
  if (failure?.code !== 'media.bad_captions' || !why) return undefined
  const line = /^line:(\d+)$/.exec(field.path)?.[1]
  const cue = /^cues\[(\d+)\]$/.exec(field.path)?.[1]
  return line ? m.captions_line({ n: line, why: why() }) : m.captions_cue({ n: Number(cue) + 1, why: why() })
}
