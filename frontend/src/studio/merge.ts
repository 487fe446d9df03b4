import type { Content, Lesson, Module } from './draft.svelte'

/** Parts that two authors may change apart from each other: a lesson's id, or one of these. */
export const about = 'about'
export const outline = 'outline'

export type Choice = 'mine' | 'theirs'

/** What one author has: as it was when they last agreed with the server, and as it is. */
interface Side {
  was: Content
  is: Content
}

/** A value in one form: names in order, and nothing of what is empty, which one side leaves out and the other may write. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => plain(v) ?? null)
  if (typeof value !== 'object' || value === null) return value || undefined
  const named = Object.entries(value).map(([name, v]) => [name, plain(v)] as const)
  const said = named.filter(([, v]) => v !== undefined && !(Array.isArray(v) && v.length === 0)).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(said)
}

/** Whether two values say the same, whatever form they were sent in. */
export const same = (a: unknown, b: unknown) => JSON.stringify(plain(a)) === JSON.stringify(plain(b))
const aboutOf = ({ modules: _, ...rest }: Content) => rest
const outlineOf = (c: Content) => c.modules.map((module) => ({ ...module, lessons: module.lessons.map((l) => l.id) }))
const lessonsOf = (c: Content) => new Map(c.modules.flatMap((module) => module.lessons.map((l) => [l.id, l] as const)))

/**
 * Puts together what two authors changed. What only one of them changed is taken;
 * where both did, choices decide, and what they leave open is named in conflicts
 * (mine is taken meanwhile). No lesson that either wrote is lost.
 */
export function merge(mine: Side, theirs: Side, choices: Record<string, Choice> = {}): { content: Content; conflicts: string[] } {
  const conflicts: string[] = []
  function decide<T>(key: string, of: (c: Content) => T): Content {
    const changed = { mine: !same(of(mine.was), of(mine.is)), theirs: !same(of(theirs.was), of(theirs.is)) }
    if (!changed.theirs || same(of(mine.is), of(theirs.is))) return mine.is
    if (!changed.mine) return theirs.is
    if (!choices[key]) conflicts.push(key)
    return choices[key] === 'theirs' ? theirs.is : mine.is
  }
  const base = decide(about, aboutOf)
  const frame = decide(outline, outlineOf)
  const here = lessonsOf(mine.is)
  const there = lessonsOf(theirs.is)
  const place = (id: string): Lesson => {
    if (!here.has(id) || !there.has(id)) return (here.get(id) ?? there.get(id))!
    return lessonsOf(decide(id, (c) => lessonsOf(c).get(id))).get(id)!
  }
  const modules: Module[] = frame.modules.map((module) => ({ ...module, lessons: module.lessons.map((l) => place(l.id)) }))
  const placed = new Set(modules.flatMap((module) => module.lessons.map((l) => l.id)))
  const was = lessonsOf(mine.was)
  const thereWas = lessonsOf(theirs.was)
  for (const side of [mine.is, theirs.is]) {
    for (const module of side.modules) {
      for (const lesson of module.lessons) {
        const written = side === mine.is ? !same(was.get(lesson.id), lesson) : !same(thereWas.get(lesson.id), lesson)
        if (placed.has(lesson.id) || !written) continue
        placed.add(lesson.id)
        const home = modules.find((x) => x.id === module.id)
        if (home) home.lessons.push(lesson)
        else modules.push({ ...module, lessons: [lesson] })
      }
    }
  }
  return { content: { ...aboutOf(base), modules }, conflicts }
}
