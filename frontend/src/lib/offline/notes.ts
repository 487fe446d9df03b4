import type { DBSchema } from 'idb'
import { failureOf, GET, now, PUT, type Failure, type RefusalCode } from '$lib/api/client'
import { session } from '$lib/session.svelte'
import { coalesced } from './coalesced'
import { database, durably, mark } from './device'
import { both, carried } from './joined'
import { listen } from './listen'
import { retrying } from './retry'

/** A note as this device has it. */
export interface Note {
  person: string
  course: string
  lesson: string
  courseTitle: string
  lessonTitle: string
  text: string
  /** The state of the text. */
  edit: string
  /** The server's state that it was written on; empty for none. */
  base: string
  /** States that were sent and may have arrived. */
  sent: string[]
  waiting: boolean
  /** Another device had changed it: both texts are in it. */
  joined?: boolean | undefined
  /** Why the server does not take this text. */
  refused?: RefusalCode | undefined
}

export type Beside = Pick<Note, 'course' | 'lesson' | 'courseTitle' | 'lessonTitle'>

interface Box extends DBSchema {
  notes: { key: string; value: Note; indexes: { person: string } }
}

const opened = database<Box>('haidang-notes', 1, (db) => void db.createObjectStore('notes').createIndex('person', 'person'))

const me = () => session.me?.personId ?? ''
const keyOf = (n: { course: string; lesson: string }) => `${me()} ${n.course} ${n.lesson}`

/** Changes one note durably, all or nothing; what change gives is what is there afterwards. */
async function change(of: { course: string; lesson: string }, change: (was: Note | undefined) => Note | undefined): Promise<Note | undefined> {
  const tx = (await opened()).transaction('notes', 'readwrite', durably)
  const was = await tx.store.get(keyOf(of))
  const is = change(was)
  if (is && is !== was) await tx.store.put(is, keyOf(of))
  await tx.done
  return is
}

export const noteHere = async (n: { course: string; lesson: string }): Promise<Note | undefined> => (await opened()).get('notes', keyOf(n))

/** All of the person's that are on this device and say something, in the order in which the server lists them. */
export async function notesHere(): Promise<Note[]> {
  const all = await (await opened()).getAllFromIndex('notes', 'person', me())
  return all.filter((n) => n.text || n.waiting).sort((a, b) => `${a.course} ${a.lesson}`.localeCompare(`${b.course} ${b.lesson}`))
}

/** What the server has, unless what is here waits to be sent. */
export async function fetched(n: Beside): Promise<Note | undefined> {
  const there = await GET('/api/notes/{course}/{lesson}', { path: n })
  return change(n, (was) => {
    if (there.person !== me() || was?.waiting || (!was && !there.text)) return was
    return { ...n, person: me(), text: there.text, edit: there.edit || crypto.randomUUID(), base: there.edit, sent: [], waiting: false, joined: was?.joined }
  })
}

/**
 * Keeps a text on this device. Seen is the note that its writer saw: what came into it
 * meanwhile, from another device or another page, stays in it.
 */
export async function keepNote(n: Beside, text: string, seen: Note | undefined): Promise<Note> {
  const is = await change(n, (was) => {
    const meanwhile = was && was.edit !== seen?.edit
    return {
      base: '', sent: [], ...was, ...n, person: me(), refused: undefined, waiting: true, edit: crypto.randomUUID(),
      text: meanwhile ? carried(was.text, seen?.text, text, now()) : text,
    }
  })
  await mark('notes', '1')
  return is!
}

/** The writer has read that two texts were joined. */
export const understood = (n: Beside) => change(n, (was) => was && { ...was, joined: undefined })

const listeners = new Set<() => void>()

/** Calls run when something became of notes that waited. */
export function onNotes(run: () => void): () => void {
  listeners.add(run)
  return () => listeners.delete(run)
}

const forGood = ({ problem }: Failure) => problem !== undefined && problem.status >= 400 && problem.status < 500 && ![401, 409, 429].includes(problem.status)

async function sendOne(n: Note): Promise<void> {
  await change(n, (is) => is && { ...is, sent: [...is.sent.slice(-19), n.edit] }) // before it may have arrived
  try {
    const there = await PUT('/api/notes/{course}/{lesson}', { path: n, body: { person: n.person, text: n.text, edit: n.edit, base: n.base } })
    await change(n, (is) => is && { ...is, base: there.text ? there.edit : '', sent: [], waiting: is.edit !== n.edit })
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'learning.note_changed') await meet(n)
    else if (forGood(failure)) await change(n, (is) => is && (is.edit === n.edit ? { ...is, refused: failure.code as RefusalCode } : is))
    else throw failure
  }
}

/** Takes in what another device wrote; what this one sent itself is nothing new. */
async function meet(n: Note): Promise<void> {
  const there = await GET('/api/notes/{course}/{lesson}', { path: n })
  if (there.person !== n.person) return // somebody else is signed in, in another tab
  const base = there.text ? there.edit : ''
  await change(n, (is) => {
    if (!is || is.sent.includes(there.edit) || !there.text) return is && { ...is, base }
    const fresh = { ...is, base, sent: [], edit: crypto.randomUUID(), joined: true }
    return is.text ? { ...fresh, text: both(there.text, is.text, now()) } : { ...fresh, text: there.text, waiting: false }
  })
}

/** Sends the person's notes until none is left or the network is away. */
const flush = coalesced(async () => {
  const waits = async () => (await notesHere().catch(() => [])).filter((n) => n.waiting)
  for (let turn = 0, list = await waits(); list.some((n) => !n.refused) && turn < 5; turn++, list = await waits()) {
    try {
      for (const n of list) if (!n.refused) await sendOne(n)
    } catch {
      retry.later()
      return tell()
    }
  }
  retry.done()
  if ((await waits()).length === 0) await mark('notes', '')
  tell()
})
const tell = () => { for (const run of listeners) run() }

const retry = retrying(() => void flush())
listen(retry.soon)

/** Sends what waits, also since an earlier visit. */
export const begin = retry.soon
