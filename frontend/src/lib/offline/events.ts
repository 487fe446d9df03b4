import { clock, GET, now, send, type Schemas } from '$lib/api/client'
import type { DBSchema } from 'idb'
import { database, keep, opened, type Waiting } from './device'

// What pages and the worker do with events: no page's state here.

type Receipts = Schemas['Receipts']

/** What was last receipted of a lesson. */
export interface Receipted {
  person: string
  enrolment: string
  lesson: string
  title: string
  code: string
  /** By the server's clock. */
  at: string
}

interface Box extends DBSchema {
  receipts: { key: string; value: Receipted; indexes: { person: string } }
}

// A database of its own: pages of before that are still open keep the other one at its version.
const receipted = database<Box>('haidang-receipts', 1, (db) => void db.createObjectStore('receipts').createIndex('person', 'person'))

/** What was last receipted of each lesson on this device, newest first. */
export async function receiptsOf(person: string): Promise<Receipted[]> {
  const all = await (await receipted()).getAllFromIndex('receipts', 'person', person)
  return all.sort((a, b) => b.at.localeCompare(a.at))
}

/** As many go in one request as a slow network carries in a second, packed. */
const most = globalThis.CompressionStream ? 500 : 100

/** The person's events that wait, as many as go in one request, in the order in which they happened. */
export async function waiting(person: string): Promise<Waiting[]> {
  const rows = await (await opened()).getAllFromIndex('events', 'person', person, most)
  return rows.sort((a, b) => a.event.at.localeCompare(b.event.at))
}

/** The ids of all that wait. */
export const waitingIds = async (person: string): Promise<string[]> => (await opened()).getAllKeysFromIndex('events', 'person', person)

/**
 * When an event happened, by the server's clock. The device's clock may have been wrong
 * then and right now, or wrong all the time; what is impossible is moved to what is not:
 * not before the server was last heard, and not after now.
 */
export function settled({ event, ahead = 0, heard = 0 }: Waiting, aheadNow: number, latest: number): string {
  const recorded = Date.parse(event.at)
  const moved = recorded - ahead + aheadNow
  const possible = [moved, recorded].find((at) => at >= heard && at <= latest)
  return new Date(possible ?? Math.min(Math.max(moved, heard), latest)).toISOString()
}

/** Sends events of one person and forgets them once they are receipted. */
export async function deliver(person: string, rows: Waiting[]): Promise<Receipts> {
  if (!clock.fresh) await GET('/api/me')
  const latest = now().getTime()
  const events = rows.map((r) => ({ ...r.event, at: settled(r, clock.ahead, latest) }))
  const receipts = await post({ person, events })
  await forget(rows).catch(() => {}) // what is sent again changes nothing
  await note(rows).catch(() => {})
  return receipts
}

/** Posts as gzip what is long and says the same again and again. */
async function post(batch: Schemas['EventBatch']): Promise<Receipts> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  let body: BodyInit = JSON.stringify(batch)
  if (body.length > 2000 && globalThis.CompressionStream) {
    headers['Content-Encoding'] = 'gzip'
    body = await new Response(new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'))).blob()
  }
  return (await send('/api/learning/events', { method: 'POST', headers, body })).json()
}

export async function forget(rows: Waiting[]): Promise<void> {
  const tx = (await opened()).transaction('events', 'readwrite')
  await Promise.all(rows.map((r) => tx.store.delete(r.event.id)))
  await tx.done
}

/** Keeps the code of the latest event of each lesson. */
async function note(rows: Waiting[]): Promise<void> {
  const db = await receipted()
  const latest = new Map(rows.map((r) => [`${r.person} ${r.event.enrolment} ${r.event.lesson}`, r]))
  for (const [key, { person, event, title = '' }] of latest) {
    const { id, enrolment, lesson } = event
    await keep(db, 'receipts', { person, enrolment, lesson, title, code: id.slice(-8), at: now().toISOString() }, key)
  }
}
