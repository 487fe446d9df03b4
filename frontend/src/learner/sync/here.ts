import { opened, type Waiting } from '$lib/offline/device'
import { receiptsOf } from '$lib/offline/events'
import { notesHere } from '$lib/offline/notes'
import { waitingCount } from '$lib/offline/surveys'
import { session } from '$lib/session.svelte'

/** A lesson of which something waits on this device. */
export interface Lesson {
  key: string
  title: string
  waiting: number
}

export type Aside = Waiting & { code: string }

/** What of the person the server will not take, as it said. */
export async function asideOf(): Promise<Aside[]> {
  const all = await (await opened()).getAll('refused')
  return all.filter((r) => r.person === session.me?.personId)
}

/** Forgets what the server will not take. */
export async function drop(rows: Aside[]): Promise<void> {
  const db = await opened()
  for (const r of rows) await db.delete('refused', r.event.id)
}

/** What this device holds and what the server has of it, lesson by lesson. */
export async function here() {
  const person = session.me?.personId ?? ''
  const rows = await (await opened()).getAllFromIndex('events', 'person', person)
  const waiting = new Map<string, Lesson>()
  for (const { event, title = '' } of rows) {
    const key = `${event.enrolment} ${event.lesson}`
    const was = waiting.get(key) ?? { key, title, waiting: 0 }
    waiting.set(key, { ...was, title: title || was.title, waiting: was.waiting + 1 })
  }
  return { waiting: [...waiting.values()], recorded: await receiptsOf(person), refused: await asideOf(), surveys: await waitingCount(), notes: (await notesHere().catch(() => [])).filter((n) => n.waiting).length }
}
