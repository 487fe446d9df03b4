import type { Schemas } from '$lib/api/client'
import { percent } from '$lib/figures'
import * as m from '$lib/messages/messages'

export type Paper = Schemas['Paper']
export type Draw = Schemas['Draw']
export type Topic = Schemas['BankTopic']

/** Basis points that pass where the paper says nothing. */
const defaultPass = 5000

const levels = ['easy', 'medium', 'hard'] as const

/** How many questions of some topics fit a draw; an empty topic or difficulty is any. */
export const fitting = (topics: Topic[], { topic, difficulty }: Pick<Draw, 'topic' | 'difficulty'>) =>
  topics.filter((t) => !topic || t.name === topic).flatMap((t) => levels.filter((l) => !difficulty || l === difficulty).map((l) => t[l])).reduce((a, b) => a + b, 0)

/** How many questions a paper asks. */
export const size = (p: Paper) => (p.fixed?.length ?? 0) + (p.draws ?? []).reduce((sum, d) => sum + d.count, 0)

export const passOf = (p: Paper) => p.passBp || defaultPass

/**
 * How many questions a bank lacks for a paper, each asked once. When
 * draws compete, one gives way to another that fits nothing else, as on the server.
 */
export function lacking(p: Paper, topics: Topic[]): number {
  // Of chosen questions only their number is known here.
  const draws: Draw[] = [...(p.draws ?? []), { count: p.fixed?.length ?? 0 }]
  const cells = topics.flatMap((t) => levels.map((level) => ({ name: t.name, level, left: t[level] })))
  const taken = draws.map(() => cells.map(() => 0))
  function take(draw: number, tried: Set<number>): boolean {
    const { topic, difficulty } = draws[draw]!
    for (const [i, cell] of cells.entries()) {
      if (tried.has(i) || (topic && topic !== cell.name) || (difficulty && difficulty !== cell.level)) continue
      tried.add(i)
      const other = cell.left > 0 ? -1 : draws.findIndex((_, d) => taken[d]![i]! > 0 && d !== draw && take(d, tried))
      if (cell.left === 0 && other < 0) continue
      if (other < 0) cell.left--
      else taken[other]![i]!--
      taken[draw]![i]!++
      return true
    }
    return false
  }
  let short = 0
  for (const [d, draw] of draws.entries()) for (let n = 0; n < draw.count; n++) if (!take(d, new Set())) short++
  return short
}

/** How a quiz is held, in a line. */
export const summary = (p: Paper) =>
  [
    size(p) > 0 ? m.paper_size({ n: size(p) }) : m.paper_none(),
    m.paper_pass_at({ share: percent(passOf(p)) }),
    p.minutes ? m.paper_minutes_n({ n: p.minutes }) : m.paper_minutes_any(),
    p.attempts ? m.paper_attempts_n({ n: p.attempts }) : m.paper_attempts_any(),
  ].join(' · ')
