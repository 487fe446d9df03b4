/** A stretch of a recording, [from, to) in milliseconds. */
export type Span = readonly [from: number, to: number]

/** As the server joins what was watched: beats never meet exactly. */
const joinGap = 1000

/** The union of stretches, in order and disjoint. */
export function union(list: readonly Span[]): Span[] {
  const joined: [number, number][] = []
  for (const [from, to] of [...list].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = joined.at(-1)
    if (last && from <= last[1] + joinGap) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** What is missing of a recording of that length; ends as short as the join are nothing. */
export function missing(watched: readonly Span[], length: number): Span[] {
  const gaps: Span[] = []
  let at = 0
  for (const [from, to] of union(watched)) {
    if (from - at > joinGap) gaps.push([at, Math.min(from, length)])
    at = Math.max(at, to)
  }
  if (length - at > joinGap) gaps.push([at, length])
  return gaps.filter(([from, to]) => from < to)
}
