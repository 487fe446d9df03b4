import type { Schemas } from '$lib/api/client'

export type Sheet = Schemas['AttemptView']
export type Asked = Schemas['AskedQuestion']
export type Answer = Schemas['WrittenAnswer']
export type Given = Schemas['GivenAnswer']

/** An answer as this device keeps it: the latest to its question that was given here. */
export interface Kept extends Answer {
  person: string
  attempt: string
  slot: number
  event: string
  seq: number
  at: string
  offline?: boolean
  /** It stands in this device's database, not only in the page. */
  saved?: boolean
  /** The server has it. */
  recorded?: boolean
  /** The server will never take it: why. */
  refused?: string
}

type Mark = Pick<Given, 'event' | 'seq'>

/** One answer replaces another: the rule of the server, so that both end alike. */
export const later = (a: Mark, b: Mark | undefined): boolean => !b || a.seq > b.seq || (a.seq === b.seq && a.event > b.event)

/** The latest answer to a question, of what the server has and what this device keeps. */
export function latest(given: Given | undefined, kept: Kept | undefined): Given | undefined {
  return kept && later(kept, given) ? kept : given
}

/** The number of the answer that replaces all that are known. */
export const nextSeq = (...known: (Mark | undefined)[]) => Math.max(0, ...known.map((k) => k?.seq ?? 0)) + 1

/** Says nothing, as the server sees it. */
export const empty = (a: Answer | undefined): boolean =>
  !(a?.chosen ?? []).some((i) => i >= 0) && !(a?.texts ?? []).some((t) => t.trim() !== '') && (a?.files ?? []).length === 0

const alike = <T>(a: T[] = [], b: T[] = []) => a.length === b.length && a.every((x, i) => x === b[i])

/** A decision on the way through a scenario: in which scene, and what was chosen. */
export interface Step {
  scene: number
  position: number
  choice: Schemas['AskedChoice']
}

/** The way that an answer goes through a scenario, and the scene that it leads to, from 1; 0 is the end. */
export function wayOf(asked: Asked, answer: Answer | undefined): { steps: Step[]; next: number } {
  const steps: Step[] = []
  let next = 1
  for (const position of answer?.chosen ?? []) {
    const choice = asked.scenes?.[next - 1]?.choices[position]
    if (!choice) break
    steps.push({ scene: next - 1, position, choice })
    next = choice.next
  }
  return { steps, next }
}

/** Nothing more is to be answered. */
export const finished = (asked: Asked, answer: Answer | undefined): boolean =>
  !empty(answer) && (asked.type !== 'scenario' || wayOf(asked, answer).next === 0)

/** Two answers say the same. */
export const same = (a: Answer | undefined, b: Answer | undefined): boolean =>
  (empty(a) && empty(b)) || (alike(a?.chosen, b?.chosen) && alike(a?.texts, b?.texts) && alike(a?.files, b?.files))

/** Where the latest answer to a question is. */
export type Whereabouts = 'nowhere' | 'page' | 'device' | 'sending' | 'recorded' | 'refused'

/** Says it honestly: recorded is only what the server acknowledged. */
export function whereabouts(given: Given | undefined, kept: Kept | undefined, sending: ReadonlySet<string>): Whereabouts {
  if (!kept || !later(kept, given)) return given ? 'recorded' : 'nowhere'
  if (kept.recorded) return 'recorded'
  if (kept.refused) return 'refused'
  if (sending.has(kept.event)) return 'sending'
  return kept.saved ? 'device' : 'page'
}

/** What the help desk finds an answer by. */
export const receipt = (event: string) => event.slice(-8)

export const waits = (k: Kept) => !k.recorded && !k.refused

/** The kept answer as it is sent. */
export function sent({ slot, chosen, texts, files, event, seq, at, offline }: Kept): Schemas['SentAnswer'] {
  return { slot, event, seq, at, ...(chosen ? { chosen } : {}), ...(texts ? { texts } : {}), ...(files ? { files } : {}), ...(offline ? { offline } : {}) }
}

/** The words of a text with gaps, and between them the gaps' numbers from 0. */
export const pieces = (text: string): (string | number)[] =>
  text.split(/\[\[([1-9])\]\]/).map((part, i) => (i % 2 === 1 ? Number(part) - 1 : part)).filter((part) => part !== '')

/** The order that is shown: as it was given, or as the question came. */
export function orderOf(asked: Asked, given: Answer | undefined): number[] {
  const came = asked.options.map((_, i) => i)
  const order = given?.chosen ?? []
  return alike([...order].sort((a, b) => a - b), came) ? order : came
}

/** A list with the item at one place moved by one. */
export function moved(order: number[], at: number, by: -1 | 1): number[] {
  const to = at + by
  if (to < 0 || to >= order.length) return order
  const list = [...order]
  ;[list[at], list[to]] = [list[to]!, list[at]!]
  return list
}

/** An answer in lines of words. */
export function lines(asked: Asked, answer: Answer | undefined, trueWord: string, falseWord: string): string[] {
  if (!answer || empty(answer)) return []
  const option = (i: number) => asked.options[i] ?? '–'
  const chosen = answer.chosen ?? []
  switch (asked.type) {
    case 'true_false':
      return chosen.map((i) => (i === 0 ? trueWord : falseWord))
    case 'matching':
      return asked.prompts.map((prompt, i) => `${prompt} → ${option(chosen[i] ?? -1)}`)
    case 'ordering':
      return chosen.map((i, n) => `${n + 1}. ${option(i)}`)
    case 'scenario':
      return wayOf(asked, answer).steps.map(({ choice }, n) => `${n + 1}. ${choice.text}${choice.points === undefined ? '' : ` (+${choice.points})`}`)
    case 'gaps':
      return (answer.texts ?? []).map((text, n) => `[${n + 1}] ${text.trim() || '–'}`)
    case 'essay':
      return (answer.texts ?? []).filter((text) => text.trim() !== '')
    case 'number':
    case 'short':
      return (answer.texts ?? []).map((text) => (asked.unit ? `${text}\u00a0${asked.unit}` : text))
    default:
      return chosen.map(option)
  }
}
