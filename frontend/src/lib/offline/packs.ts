import type { DBSchema } from 'idb'
import type { Schemas } from '$lib/api/client'
import { session } from '$lib/session.svelte'
import type { Wanted } from './choice'
import { database, durably, keep, opened as outbox } from './device'
import { packed } from './kept'
import { sweep } from './parts'

type Course = Schemas['CourseView']
type Lesson = Schemas['LessonView']
type Asset = Schemas['AssetView']

/** A version of a course that somebody keeps on this device. */
export interface Pack {
  person: string
  course: string
  version: string
  /** How films are kept. */
  quality: string
  /** The lessons that were chosen; none: all. */
  lessons?: string[]
  /** The course as the server told it last, and when. */
  view: Course
  at: string
  files: Wanted[]
  /** Everything is here. */
  done: boolean
}

interface Text {
  pack: string
  view: Lesson
  at: string
}

interface Box extends DBSchema {
  packs: { key: string; value: Pack; indexes: { person: string } }
  texts: { key: string; value: Text; indexes: { pack: string } }
}

const opened = database<Box>('haidang-packs', 1, (db) => {
  db.createObjectStore('packs').createIndex('person', 'person')
  db.createObjectStore('texts').createIndex('pack', 'pack')
})

const me = () => session.me?.personId ?? ''
const keyOf = (p: Pack) => `${p.person} ${p.course} ${p.version}`

export const keepPack = async (p: Pack): Promise<void> => keep(await opened(), 'packs', p, keyOf(p))

/** Changes a pack that is still here. */
async function change(p: Pack, what: Partial<Pack>): Promise<void> {
  const tx = (await opened()).transaction('packs', 'readwrite', durably)
  const was = await tx.store.get(keyOf(p))
  if (was) await tx.store.put({ ...was, ...what }, keyOf(p))
  await tx.done
}

/** The person's packs by title, of each course the one that is whole, else the newest. */
export async function packs(): Promise<Pack[]> {
  const all = await (await opened()).getAllFromIndex('packs', 'person', me())
  const best = new Map<string, Pack>()
  for (const p of all.sort((a, b) => Number(a.done) - Number(b.done) || a.at.localeCompare(b.at))) best.set(p.course, p)
  return [...best.values()].sort((a, b) => a.view.card.title.localeCompare(b.view.card.title, 'vi'))
}

export const packOf = async (course: string): Promise<Pack | undefined> => (await packs()).find((p) => p.course === course)

const textKey = (p: Pack, lesson: string) => `${keyOf(p)} ${lesson}`

export const hasText = async (p: Pack, lesson: string): Promise<boolean> => (await (await opened()).getKey('texts', textKey(p, lesson))) !== undefined

export const keepText = async (p: Pack, view: Lesson): Promise<void> =>
  keep(await opened(), 'texts', { pack: keyOf(p), view, at: new Date().toISOString() }, textKey(p, view.lesson.id))

/** The lessons of a pack, as the server told them. */
export const textsOf = async (p: Pack): Promise<Lesson[]> => (await (await opened()).getAllFromIndex('texts', 'pack', keyOf(p))).map((t) => t.view)

/** What a pack of the person says of a course, and when the server said it. */
export async function courseHere(id: string): Promise<{ value: Course; at: string } | undefined> {
  const p = await packOf(id)
  return p && { value: p.view, at: p.at }
}

export async function lessonHere(course: string, lesson: string): Promise<{ value: Lesson; at: string; left: number | undefined } | undefined> {
  const p = await packOf(course)
  const text = p && (await (await opened()).get('texts', textKey(p, lesson)))
  if (!text) return undefined
  const { asset, assets } = text.view
  return { at: text.at, left: await leftAt(lesson), value: { ...text.view, assets: await Promise.all(assets.map(here)), ...(asset ? { asset: await here(asset) } : {}) } }
}

/** What of a kind waits to be sent of a lesson, oldest first. */
async function waiting(lesson: string, kind: Schemas['LearningEvent']['kind']): Promise<Schemas['LearningEvent'][]> {
  const all = (await (await outbox()).getAllFromIndex('events', 'person', me())).map((w) => w.event)
  return all.filter((e) => e.lesson === lesson && e.kind === kind).sort((a, b) => a.at.localeCompare(b.at))
}

/** Where a recording was left, in milliseconds, by what waits to be sent. */
const leftAt = async (lesson: string): Promise<number | undefined> => (await waiting(lesson, 'watched')).at(-1)?.toMs

/** What was answered to the questions of a recording and waits to be sent. */
export const answersWaiting = async (lesson: string): Promise<Schemas['QuestionAnswer'][]> =>
  (await waiting(lesson, 'answered')).map((e) => ({ question: e.question!, chosen: e.chosen ?? [] }))

/** A file in the forms that are here. */
async function here(a: Asset): Promise<Asset> {
  const films = []
  for (const r of a.renditions ?? []) if (await packed(r.url)) films.push(r)
  if (films[0]) return { ...a, renditions: films, url: films[0].url }
  for (const form of a.srcset?.split(', ') ?? []) {
    const url = form.split(' ')[0]!
    if (await packed(url)) return { ...a, url, srcset: '' }
  }
  return a
}

/** Keeps what the server says of a course or a lesson now, where there is a pack of that version. */
export async function renew(view: Course, lesson?: Lesson): Promise<void> {
  const p = (await (await opened()).getAllFromIndex('packs', 'person', me())).find((x) => x.version === view.version)
  if (!p || !view.enrolment) return
  await change(p, { view, at: new Date().toISOString() })
  if (lesson && (await hasText(p, lesson.lesson.id))) await keepText(p, lesson)
}

/** A pack is whole: those of other versions of its course go, and the files that none needs. */
export async function finish(p: Pack): Promise<void> {
  await change(p, { done: true })
  await forget((other) => other.person === p.person && other.course === p.course && other.version !== p.version)
}

/** Removes the person's packs of a course, and the files that no other pack needs. */
export const remove = (p: Pack): Promise<void> => forget((other) => other.person === p.person && other.course === p.course)

async function forget(which: (p: Pack) => boolean): Promise<void> {
  const db = await opened()
  const tx = db.transaction(['packs', 'texts'], 'readwrite')
  const store = tx.objectStore('packs')
  for (const p of (await store.getAll()).filter(which)) {
    await store.delete(keyOf(p))
    for (const key of await tx.objectStore('texts').index('pack').getAllKeys(keyOf(p))) await tx.objectStore('texts').delete(key)
  }
  await tx.done
  await clear()
}

/** Deletes the files that no pack names, such as those of packs that the browser deleted. */
export async function clear(): Promise<void> {
  const all = await (await opened()).getAll('packs')
  await sweep(new Set(all.flatMap((p) => p.files.map((f) => f.url))))
}
