import type { Failure } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import type { Field } from './form'
import { letter, type Type } from './words'

/** What is wrong with a part of a question, in words. */
export interface Fault { path: string; words: string }

const sentences: Record<string, (path: string) => string> = {
  required: (path) => (path === 'true' ? m.item_fault_true() : path === 'picture.asset' ? m.item_fault_no_picture() : m.item_fault_required()),
  too_long: () => m.item_fault_too_long(),
  too_few: (path) => (path === 'gaps' ? m.item_fault_gaps() : path === 'scenes' ? m.item_fault_no_scenes() : m.item_fault_too_few()),
  too_many: () => m.item_fault_too_many(),
  twice: () => m.item_fault_twice(),
  one_right: () => m.item_fault_one_right(),
  none_right: () => m.item_fault_none_right(),
  not_in_text: (path) => m.item_fault_not_in_text({ n: Number(/\d+/.exec(path)?.[0] ?? 0) + 1 }),
  order: () => m.item_fault_order(),
  range: (path) =>
    path === 'number.tolerance' ? m.item_fault_tolerance() : path.endsWith('.area') ? m.item_fault_area() : path === 'words' ? m.item_fault_words() : path.startsWith('scenes') ? m.item_fault_whole_points() : path.endsWith('.points') ? m.item_fault_points() : m.item_fault_number(),
  unknown: (path) => (path === 'picture.asset' ? m.item_fault_picture() : m.item_fault_other()),
  not_ready: () => m.item_fault_not_ready(),
  cycle: () => m.item_fault_cycle(),
  unreachable: () => m.item_fault_unreachable(),
  no_points: () => m.item_fault_no_points(),
  legacy_encoding: () => m.item_fault_legacy(),
}

const places: Record<string, () => string> = { words: m.essay_limit, rubric: m.rubric, text: m.item_text, note: m.item_note, topic: m.bank_topic, competency: m.bank_competency, 'number.unit': m.item_unit, 'picture.asset': m.item_picture, 'picture.alt': m.alt, scenes: m.item_scenes }

/** The name of the field that is at fault, for a list of faults; '' where the words say it. */
export function placeOf(path: string, type: Type): string {
  const [, list, digits = '0', part] = /^(\w+)\[(\d+)\](?:\.(\w+)(?:\[\d+\]\.\w+)?)?$/.exec(path) ?? []
  const i = Number(digits)
  if (list === 'rubric') return m.rubric_criterion_n({ n: i + 1 })
  const scene = /^scenes\[(\d+)\](?:\.choices\[(\d+)\])?/.exec(path)
  if (scene) {
    const name = m.item_scene_n({ n: Number(scene[1]) + 1 })
    return scene[2] === undefined ? name : m.item_way_of({ name, n: Number(scene[2]) + 1 })
  }
  if (list === 'gaps') return type === 'short' ? m.item_accepted() : m.item_gap_n({ n: i + 1 })
  if (list === 'cites') return m.item_cite_n({ n: i + 1 })
  if (list !== 'options') return places[path]?.() ?? ''
  if (type === 'hotspot') return m.item_area_n({ n: i + 1 })
  if (type === 'matching') return (part === 'match' ? m.item_right_side : m.item_left)({ n: i + 1 })
  return type === 'ordering' ? m.item_step_n({ n: i + 1 }) : m.item_option({ n: letter(i) })
}

// Words accepted in a gap are typed in one field.
const fieldOf = (path: string) => path.replace(/^body\.(item\.)?/, '').replace(/\.accepted.*$/, '')

/** Each fault once, with the field where it belongs. */
export function faultsOf(fields: Field[]): Fault[] {
  const list = fields.map(({ path, code }) => ({ path: fieldOf(path), words: (sentences[code] ?? m.item_fault_other)(fieldOf(path)) }))
  return list.filter((f, i) => list.findIndex((g) => g.path === f.path && g.words === f.words) === i)
}

/** The faults that a refusal of the server names; none for other failures. */
export const faultsIn = (failure: Failure | undefined): Fault[] =>
  failure?.code === 'assessment.bad_question' || failure?.code === 'request.invalid' ? faultsOf(failure.problem?.fields ?? []) : []

export const wordsAt = (faults: Fault[], path: string) => faults.filter((f) => f.path === path).map((f) => f.words).join(' ')

export const idOf = (path: string) => `q-${path.replace(/\W+/g, '-').replace(/-$/, '')}`

/** What an input has of its field: its id, and whether and why it is wrong. */
export function marks(faults: Fault[], path: string, hint?: string) {
  const wrong = wordsAt(faults, path) !== ''
  const described = [hint, wrong && `${idOf(path)}-e`].filter(Boolean).join(' ')
  return { id: idOf(path), 'aria-invalid': wrong || undefined, 'aria-describedby': described || undefined }
}
