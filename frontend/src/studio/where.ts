import type { Failure, Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { cut, words } from '$player/text'

type Block = Schemas['Block']

/** The first words of a block, by which its author knows it. */
function beginning(block: Block): string {
  const runs = [block.text, ...(block.items ?? []), ...(block.rows ?? []).flatMap((row) => (row ?? []).map((cell) => cell.text))]
  return cut(runs.map(words).join(' ').trim(), 40)
}

/** Where the server found what it refuses of a draft, and the rule where a place has one; undefined outside of lessons. */
export function refusedAt(failure: Failure, content: Schemas['CourseContent']): string | undefined {
  const path = failure.problem?.fields?.[0]?.path ?? ''
  const [, module, place, n] = /modules\[(\d+)\]\.lessons\[(\d+)\](?:\.blocks\[(\d+)\])?/.exec(path) ?? []
  const lesson = content.modules[Number(module)]?.lessons[Number(place)]
  if (!lesson) return undefined
  const name = lesson.title || m.untitled_lesson()
  const block = lesson.blocks?.[Number(n)]
  if (!block) return m.refused_in_lesson({ lesson: name })
  const rule = /\.rows(\[\d+\])?$/.test(path) ? m.refused_table() : path.endsWith('.items') ? m.refused_list() : ''
  const text = beginning(block)
  return `${m.refused_in_block({ lesson: name, n: Number(n) + 1, text: text && ` (“${text}”)` })} ${rule}`.trim()
}
