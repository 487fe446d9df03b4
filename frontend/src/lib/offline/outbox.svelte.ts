import { Failure, now, POST, type Schemas } from '$lib/api/client'
import { session } from '$lib/session.svelte'
import { coalesced } from './coalesced'
import { keep, marked, opened, type Waiting } from './device'
import { listen, retrying } from './retry'

type Event = Schemas['LearningEvent']
type Receipts = Schemas['Receipts']

/** What the learner is told: saved here, on its way, or in the database. */
export const outbox = $state({ waiting: 0, answers: 0, sending: false, offline: false, receipt: '', refused: '' })

/** Called with the merged state that the server answered. */
type Listener = (receipts: Receipts) => void
const listeners = new Set<Listener>()

export function onReceipts(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export type Happening = Omit<Event, 'id' | 'at' | 'offline'>

/** Keeps an event on this device, then sends what there is. */
export async function record(what: Happening): Promise<void> {
  const person = session.me?.personId
  if (!person) return
  const event: Event = { ...what, id: crypto.randomUUID(), at: now().toISOString(), ...(navigator.onLine ? {} : { offline: true }) }
  await keep(await opened(), 'events', { person, event }, event.id)
  outbox.waiting++
  outbox.receipt = ''
  void flush()
}

const most = 100

/** Sends the person's events until none is left or the network is away. */
export const flush = coalesced(send)

async function send(): Promise<void> {
  const person = session.me?.personId
  if (!person) return
  const db = await opened()
  for (;;) {
    const rows = await db.getAllFromIndex('events', 'person', person, most)
    outbox.waiting = await db.countFromIndex('events', 'person', person)
    if (rows.length === 0) return
    outbox.sending = true
    try {
      const events = rows.map((r) => r.event)
      const receipts = await POST('/api/learning/events', { body: { events } })
      await forget(events.map((e) => e.id))
      outbox.waiting -= events.length
      outbox.receipt = receipts.receipts.at(-1)?.code ?? ''
      outbox.offline = false
      retry.done()
      for (const listener of listeners) listener(receipts)
    } catch (error) {
      if (!(error instanceof Failure) || !(await setAside(error, rows))) {
        outbox.offline = error instanceof Failure && error.code === 'offline'
        retry.later()
        return
      }
    } finally {
      outbox.sending = false
    }
  }
}

async function forget(ids: string[]): Promise<void> {
  const tx = (await opened()).transaction('events', 'readwrite')
  await Promise.all(ids.map((id) => tx.store.delete(id)))
  await tx.done
}

/** Puts events that the server will never take aside, so that the others go on. */
async function setAside(failure: Failure, rows: Waiting[]): Promise<boolean> {
  if (failure.code === 'offline' || (failure.problem?.status ?? 0) !== 422 && failure.problem?.status !== 404) return false
  const named = (failure.problem?.fields ?? []).map((f) => Number(/events\[(\d+)\]/.exec(f.path)?.[1]))
  const wrong = named.map((i) => rows[i]).filter((r) => r !== undefined)
  const aside = wrong.length > 0 ? wrong : rows
  const db = await opened()
  for (const row of aside) await db.put('refused', { ...row, code: failure.code }, row.event.id)
  await forget(aside.map((r) => r.event.id))
  outbox.refused = failure.code
  return true
}

const retry = retrying(() => void flush())

/** Sends whenever there may be a network again. */
export function begin() {
  const soon = () => {
    outbox.offline = !navigator.onLine
    retry.soon()
  }
  listen(soon)
  addEventListener('offline', soon)
  soon()
  void Promise.all([marked('quiz'), marked('surveys'), marked('notes')]).then(async (left) => left.some(Boolean) && (await import('./senders')).begin())
}
