// What courses/vietnamese/find.go does, for a device without a network: what counts as
// a word, a typo and a mark is the same.
import type { Schemas } from '$lib/api/client'
import { folded } from '$player/fold'

type Piece = Schemas['Piece']

interface Word {
  key: string
  from: number
  to: number
}

/** The words of a text: letters and digits that stand together. */
export const split = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{Nd}][\p{L}\p{Nd}\p{Mn}]*/gu)].map((w) => ({ key: folded(w[0]), from: w.index, to: w.index + w[0].length }))

/** The words that somebody looks for. */
export const asked = (text: string): string[] => split(text).slice(0, 16).map((w) => w.key)

/** A word of four letters or more with one wrong, missing, too many or in the place of its neighbour. */
export function near(query: string, word: string): boolean {
  const [short, long] = query.length <= word.length ? [query, word] : [word, query]
  if (query.length < 4 || long.length - short.length > 1 || query === word || /\d/.test(query)) return false
  let i = 0
  while (i < short.length && short[i] === long[i]) i++
  if (short.length < long.length) return short.slice(i) === long.slice(i + 1)
  return short.slice(i + 1) === long.slice(i + 1) || (short[i] === long[i + 1] && short[i + 1] === long[i] && short.slice(i + 2) === long.slice(i + 2))
}

/** How well a word is the i-th that is asked for: 3 itself, 2 its beginning if it is the last, 1 with a typo, 0 not at all. */
function meets(query: string[], i: number, word: string): number {
  const q = query[i]!
  if (word === q) return 3
  if (i === query.length - 1 && q.length >= 2 && word.startsWith(q)) return 2
  return near(q, word) ? 1 : 0
}

/** Of each word which of the query's it stands for, -1 for none. */
function places(query: string[], words: Word[]): number[] {
  const found = words.map(() => -1)
  for (let i = query.length - 1; i >= 0; i--) {
    const how = words.map((w) => meets(query, i, w.key))
    const best = how.reduce((a, b) => Math.max(a, b), 1)
    how.forEach((h, at) => { if (h === best) found[at] = i })
  }
  return found
}

/** All that is asked for is in a text. */
export function says(query: string[], text: string): boolean {
  const words = split(text)
  return query.length > 0 && query.every((_, i) => words.some((w) => meets(query, i, w.key) > 0))
}

/** A text in pieces, of which those that are asked for are marked; words that only a blank parts are one. */
export function mark(query: string[], text: string): Piece[] {
  const words = split(text)
  const found = places(query, words)
  const pieces: Piece[] = []
  let at = 0
  const add = (to: number, marked: boolean) => {
    if (to > at) pieces.push({ text: text.slice(at, to), ...(marked ? { mark: true } : {}) })
    at = to
  }
  words.forEach((w, i) => {
    if (found[i]! < 0) return
    const joins = i > 0 && found[i - 1]! >= 0 && text.slice(words[i - 1]!.to, w.from) === ' '
    add(joins ? at : w.from, false)
    if (joins) {
      const last = pieces.at(-1)!
      last.text += text.slice(at, w.to)
      at = w.to
    } else add(w.to, true)
  })
  add(text.length, false)
  return pieces
}

/** A place in a text that has most of what is asked for near together, and how much: 0 for none. */
function densest(query: string[], words: Word[]): { first: number; much: number } {
  const found = places(query, words)
  let [first, much] = [0, 0]
  found.forEach((p, i) => {
    const n = p < 0 ? 0 : new Set(found.slice(i, i + 12).filter((x) => x >= 0)).size
    if (n > much) [first, much] = [i, n]
  })
  return { first, much }
}

export interface Passage {
  at: number
  text: string
}

/** Of some passages the one that has most of what is asked for, cut to a few lines. */
export function excerpt(query: string[], passages: Passage[]): { pieces: Piece[]; at: number } {
  const best = { much: 0, first: 0, words: [] as Word[], passage: passages[0] }
  for (const passage of passages) {
    const words = split(passage.text)
    const here = densest(query, words)
    if (here.much > best.much) Object.assign(best, here, { words, passage })
  }
  if (!best.passage) return { pieces: [], at: 0 }
  const text = best.passage.text
  const words = best.words.length > 0 ? best.words : split(text)
  const from = Math.max(0, best.first - 8)
  const to = Math.min(words.length, best.first + 24)
  const cut = `${from > 0 ? '… ' : ''}${text.slice(from > 0 ? words[from]!.from : 0, to < words.length ? words[to - 1]!.to : text.length)}${to < words.length ? ' …' : ''}`
  return { pieces: mark(query, cut), at: best.much > 0 ? best.passage.at : 0 }
}
