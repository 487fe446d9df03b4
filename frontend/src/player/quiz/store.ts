import type { DBSchema } from 'idb'
import { database, durably, keep as write, mark as note } from '$lib/offline/device'
import { later, waits, type Kept, type Sheet } from './answers'

/** An attempt as this device keeps it, so that it goes on without a network. */
export interface KeptSheet {
  person: string
  title: string
  sheet: Sheet
  /** How far the server's clock was ahead of the device's, in milliseconds. */
  ahead: number
  /** In large text, as its learner is allowed. */
  large?: boolean
  /** The pictures that its questions show, as far as they are here. */
  pictures?: Record<string, KeptPicture>
}

/** Bytes rather than a Blob, which WebKit has not always kept in a database. */
export interface KeptPicture {
  type: string
  bytes: ArrayBuffer
}

interface Box extends DBSchema {
  sheets: { key: string; value: KeptSheet; indexes: { person: string } }
  answers: { key: [string, number]; value: Kept; indexes: { person: string; attempt: string } }
}

const opened = database<Box>('haidang-quiz', 1, (db) => {
  db.createObjectStore('sheets').createIndex('person', 'person')
  const answers = db.createObjectStore('answers')
  answers.createIndex('person', 'person')
  answers.createIndex('attempt', 'attempt')
})

// Where the browser keeps nothing (private windows, a full disk), the page's own
// memory has to do until an answer is recorded.
const memory = new Map<string, Kept>()
const sheets = new Map<string, KeptSheet>()
const key = (k: Kept) => `${k.attempt} ${k.slot}`

export async function keepSheet(kept: KeptSheet): Promise<void> {
  sheets.set(kept.sheet.id, kept)
  try {
    await write(await opened(), 'sheets', kept, kept.sheet.id)
    await raise()
  } catch {
    // the page's memory has it
  }
}

/** The person's attempt at a quiz that was open when this device last heard of it. */
export async function openSheet(person: string, lesson: string): Promise<KeptSheet | undefined> {
  const all = await opened().then((db) => db.getAllFromIndex('sheets', 'person', person)).catch(() => [...sheets.values()])
  return all.filter((k) => k.sheet.lesson === lesson && k.sheet.state === 'open').sort((a, b) => b.sheet.number - a.sheet.number)[0]
}

export const sheetOf = async (attempt: string): Promise<KeptSheet | undefined> =>
  sheets.get(attempt) ?? opened().then((db) => db.get('sheets', attempt)).catch(() => undefined)

/** Keeps an answer unless a later one to its question is kept. False: only in memory. */
export async function keep(k: Kept): Promise<boolean> {
  try {
    const tx = (await opened()).transaction('answers', 'readwrite', durably)
    const was = await tx.store.get([k.attempt, k.slot])
    if (later(k, was)) await tx.store.put({ ...k, saved: true }, [k.attempt, k.slot])
    await tx.done
    return true
  } catch {
    memory.set(key(k), k)
    return false
  }
}

/** Changes what is kept of answers that are still the latest. */
export async function mark(list: Kept[], change: Partial<Kept>): Promise<void> {
  for (const k of list) if (memory.get(key(k))?.event === k.event) memory.set(key(k), { ...k, ...change })
  try {
    const tx = (await opened()).transaction('answers', 'readwrite')
    for (const k of list) {
      const was = await tx.store.get([k.attempt, k.slot])
      if (was?.event === k.event) await tx.store.put({ ...was, ...change }, [k.attempt, k.slot])
    }
    await tx.done
  } catch {
    // it is sent once more, which changes nothing
  }
}

const withMemory = (rows: Kept[], of: (k: Kept) => boolean) => [...rows, ...[...memory.values()].filter(of)]

export async function answersTo(attempt: string): Promise<Kept[]> {
  const rows = await opened().then((db) => db.getAllFromIndex('answers', 'attempt', attempt)).catch(() => [])
  return withMemory(rows, (k) => k.attempt === attempt)
}

export async function waitingOf(person: string): Promise<Kept[]> {
  const rows = await opened().then((db) => db.getAllFromIndex('answers', 'person', person)).catch(() => [])
  return withMemory(rows, (k) => k.person === person).filter(waits)
}

/** Removes the device's copy of an attempt that ended, unless some of it is nowhere else. */
export async function forget(attempt: string): Promise<void> {
  const rows = await answersTo(attempt)
  if (rows.some(waits)) return
  if (rows.some((k) => k.refused)) {
    const kept = await sheetOf(attempt)
    if (kept) await keepSheet({ ...kept, sheet: { ...kept.sheet, state: 'done' } })
    return
  }
  for (const k of rows) memory.delete(key(k))
  sheets.delete(attempt)
  try {
    const tx = (await opened()).transaction(['sheets', 'answers'], 'readwrite')
    await tx.objectStore('sheets').delete(attempt)
    for (const k of rows) await tx.objectStore('answers').delete([k.attempt, k.slot])
    await tx.done
    await raise()
  } catch {
    // it is forgotten the next time
  }
}

/** Says which lessons have something here, for pages that do not load this module. */
async function raise(): Promise<void> {
  const lessons = (await (await opened()).getAll('sheets')).filter((s) => s.sheet.state === 'open').map((s) => s.sheet.lesson)
  await note('quiz', lessons.join())
}
