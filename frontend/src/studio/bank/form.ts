import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import type { Area } from './areas'
import type { Difficulty, Item, Type } from './words'

/** An option, a pair, a step or a place on a picture under the author's hands. */
export interface Choice { key: string; text: string; right: boolean; match: string; area: Area }

/** A way on from a scene; next is the scene that follows, from 1, or 0 for the end. */
export interface WayForm { key: string; text: string; then: string; points: string; next: number }

export interface SceneForm { key: string; text: string; choices: WayForm[] }

/** A gap: its accepted words, one a line. */
export interface GapForm { key: string; words: string; exact: boolean }

/** A level of a criterion; points as they are typed. */
export interface LevelForm { key: string; text: string; points: string }

export interface CriterionForm { key: string; name: string; levels: LevelForm[] }

export interface CiteForm { key: string; number: string; article: string }

/** A question as a form holds it: what is typed stays as it was typed. */
export interface Form {
  type: Type
  text: string
  topic: string
  competency: string
  difficulty: Difficulty
  note: string
  retired: boolean
  options: Choice[]
  true: '' | 'yes' | 'no'
  gaps: GapForm[]
  value: string
  tolerance: string
  unit: string
  asset: string
  alt: string
  scenes: SceneForm[]
  cites: CiteForm[]
  words: string
  files: number
  rubric: CriterionForm[]
}

export type Field = Schemas['ProblemField']

const key = () => crypto.randomUUID()
export const freshChoice = (): Choice => ({ key: key(), text: '', right: false, match: '', area: { x: 0, y: 0, width: 0, height: 0 } })
export const freshGap = (): GapForm => ({ key: key(), words: '', exact: false })
export const freshWay = (): WayForm => ({ key: key(), text: '', then: '', points: '0', next: 0 })
export const freshScene = (): SceneForm => ({ key: key(), text: '', choices: [freshWay(), freshWay()] })
export const freshCite = (): CiteForm => ({ key: key(), number: '', article: '' })

export const freshLevel = (text = '', points = ''): LevelForm => ({ key: key(), text, points })
export const freshCriterion = (): CriterionForm => ({ key: key(), name: '', levels: [freshLevel(m.rubric_good(), '4'), freshLevel(m.rubric_fair(), '2'), freshLevel(m.rubric_poor(), '0')] })

/** How many options a question has at the least, and how many at the most. */
export const fewest = 2
export const most = 20
export const mostScenes = 20
export const mostWays = 6

const choosing: readonly Type[] = ['single', 'multiple', 'matching', 'ordering']

export const fresh = (type: Type, topic = ''): Form => ({
  type, topic, competency: '', text: '', difficulty: 'medium', note: '', retired: false, true: '', value: '', tolerance: '0', unit: '', asset: '', alt: '', cites: [],
  options: choosing.includes(type) ? Array.from({ length: type === 'single' || type === 'multiple' ? 4 : 3 }, freshChoice) : [],
  gaps: type === 'short' ? [freshGap()] : [],
  scenes: type === 'scenario' ? [freshScene()] : [],
  words: '', files: 0, rubric: type === 'essay' ? [freshCriterion()] : [],
})

/** A number as Vietnamese write it, without dividing thousands. */
const written = (n: number) => String(n).replace('.', ',')

/** Reads a number as the server reads those of learners: 1.234,5 or 1234.5; undefined for what is none. */
export function readNumber(text: string): number | undefined {
  let s = text.replace(/\s/g, '').replace('\u2212', '-')
  const points = s.split('.').length - 1
  const commas = s.split(',').length - 1
  if (commas === 1 && s.lastIndexOf(',') > s.lastIndexOf('.')) s = s.replaceAll('.', '').replace(',', '.')
  else if (commas > 0) s = s.replaceAll(',', '')
  else if (points > 1 || /^-?[1-9]\d*\.\d{3}$/.test(s)) s = s.replaceAll('.', '')
  return /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(s) ? Number(s) : undefined
}

export function formOf(item: Item): Form {
  return {
    type: item.type, text: item.text, topic: item.topic ?? '', competency: item.competency ?? '', difficulty: item.difficulty, note: item.note ?? '', retired: item.retired ?? false,
    options: (item.options ?? []).map((o) => ({ key: key(), text: o.text, right: o.right ?? false, match: o.match ?? '', area: o.area ?? freshChoice().area })),
    true: item.true ? 'yes' : 'no',
    gaps: (item.gaps ?? []).map((g) => ({ key: key(), words: g.accepted.join('\n'), exact: g.exact ?? false })),
    value: item.number ? written(item.number.value) : '', tolerance: written(item.number?.tolerance ?? 0), unit: item.number?.unit ?? '',
    asset: item.picture?.asset ?? '', alt: item.picture?.alt ?? '',
    scenes: (item.scenes ?? []).map((s) => ({ key: key(), text: s.text, choices: s.choices.map((c) => ({ ...c, key: key(), points: String(c.points) })) })),
    cites: (item.cites ?? []).map((c) => ({ key: key(), number: c.number, article: c.article ?? '' })),
    words: item.words ? String(item.words) : '', files: item.files ?? 0,
    rubric: (item.rubric ?? []).map((c) => ({ key: key(), name: c.name, levels: c.levels.map((l) => freshLevel(l.text, written(l.points / 100))) })),
  }
}

/** Leaves out the lines in which nothing was typed, so that what is refused stands where the form shows it. */
export function tidy(form: Form): Form {
  const cites = form.cites.filter((c) => c.number.trim() || c.article.trim())
  const options = [...form.options]
  for (let i = options.length - 1; i >= 0 && options.length > fewest && form.type !== 'hotspot'; i--) {
    const { text, match, right } = options[i]!
    if (!text.trim() && !match.trim() && !right) options.splice(i, 1)
  }
  return { ...form, options, cites }
}

const accepted = (words: string) => {
  const list = words.split(/[\n|]/).map((w) => w.trim()).filter(Boolean)
  return list.length > 0 ? list : ['']
}

// The server names the rule that an empty field breaks only where the field came:
// a blank goes for a text that its schema wants.
const given = (text: string) => (text.trim() ? text : ' ')

/** The points that are typed; what is no whole number from 0 to 100 is wrong. */
function pointsOf(way: WayForm, path: string, wrong: Field[]): number {
  const points = readNumber(way.points) ?? -1
  if (Number.isInteger(points) && points >= 0 && points <= 100) return points
  wrong.push({ path, code: 'range' })
  return 0
}

/** What is sent of a form; wrong names what cannot be sent at all. */
export function sent(form: Form): { item: Item; wrong: Field[] } {
  const { type, text, topic, competency, difficulty, note, retired } = form
  const item: Item = { type, text: given(text), topic, competency, difficulty, note, retired, cites: form.cites.map((c) => ({ number: given(c.number), article: c.article })) }
  const wrong: Field[] = []
  if (choosing.includes(type)) item.options = form.options.map((o) => ({ text: o.text, right: o.right, match: o.match }))
  if (type === 'hotspot') {
    item.options = form.options.map((o) => ({ text: o.text, right: o.right, area: o.area }))
    item.picture = { asset: form.asset, alt: form.alt }
  }
  if (type === 'scenario') item.scenes = form.scenes.map((s, i) => ({ text: s.text, choices: s.choices.map((c, j) => ({ text: c.text, then: c.then, points: pointsOf(c, `scenes[${i}].choices[${j}].points`, wrong), next: c.next })) }))
  if (type === 'short' || type === 'gaps') item.gaps = form.gaps.map((g) => ({ accepted: accepted(g.words), exact: g.exact }))
  if (type === 'true_false') {
    if (!form.true) wrong.push({ path: 'true', code: 'required' })
    item.true = form.true === 'yes'
  }
  if (type === 'number') {
    const [value, tolerance] = [readNumber(form.value), readNumber(form.tolerance || '0')]
    if (value === undefined) wrong.push({ path: 'number.value', code: 'range' })
    if (tolerance === undefined || tolerance < 0) wrong.push({ path: 'number.tolerance', code: 'range' })
    item.number = { value: value ?? 0, tolerance: Math.max(0, tolerance ?? 0), unit: form.unit }
  }
  if (type === 'essay') Object.assign(item, essay(form, wrong))
  if (wrong.length > 0 && !text.trim()) wrong.unshift({ path: 'text', code: 'required' })
  return { item, wrong }
}

/** What an essay has; wrong gets what is no number. */
function essay(form: Form, wrong: Field[]): Pick<Item, 'words' | 'files' | 'rubric'> {
  const words = form.words.trim() ? readNumber(form.words) : 0
  if (words === undefined || !Number.isInteger(words) || words < 0 || words > 5000) wrong.push({ path: 'words', code: 'range' })
  const hundredths = (typed: string, path: string) => {
    const points = Math.round((readNumber(typed) ?? NaN) * 100)
    if (points >= 0 && points <= 10_000) return points
    wrong.push({ path, code: 'range' })
    return 0
  }
  const rubric = form.rubric.map((c, i) => ({
    name: c.name, levels: c.levels.map((l, j) => ({ text: l.text, points: hundredths(l.points, `rubric[${i}].levels[${j}].points`) })),
  }))
  return { words: wrong.some((f) => f.path === 'words') ? 0 : words, files: form.files, rubric }
}

/** Takes a gap out of a text and of the list, and closes up the numbers behind it. */
export function withoutGap(form: Form, i: number): void {
  form.gaps.splice(i, 1)
  form.text = form.text.replace(/\[\[(\d)\]\]/g, (mark, n) => (Number(n) === i + 1 ? '' : Number(n) > i + 1 ? `[[${Number(n) - 1}]]` : mark))
}

/** Takes a scene out; what led to it ends, and the numbers behind it close up. */
export function withoutScene(form: Form, i: number): void {
  form.scenes.splice(i, 1)
  for (const way of form.scenes.flatMap((s) => s.choices)) if (way.next > i) way.next = way.next === i + 1 ? 0 : way.next - 1
}
