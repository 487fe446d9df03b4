import { clock, failureOf, now, type Failure } from '$lib/api/client'
import { open, session } from '$lib/session.svelte'
import { coalesced } from './coalesced'
import { keep, marked, opened, type Waiting } from './device'
import { deliver, forget, waiting, waitingIds } from './events'
import { listeners, outbox, type Happening } from './outbox.svelte'
import { retrying } from './retry'

// What this page made and the server has not receipted: the browser may lose what it kept.
const made = new Map<string, Waiting>()
const receipted = new Set<string>() // even where the browser no longer deletes

// Without a network a page knows of the server's clock what an earlier one heard.
const known = marked('clock').then((said) => {
  const [ahead, heard] = (said || '0 0').split(' ').map(Number)
  if (!clock.fresh) Object.assign(clock, { ahead, heard })
})

/** Keeps an event on this device, then sends what there is. */
export async function record(what: Happening, title: string): Promise<void> {
  const person = session.me?.personId
  if (!person) return
  await known
  const event = { ...what, id: crypto.randomUUID(), at: now().toISOString(), ...(navigator.onLine ? {} : { offline: true }) }
  const row = { person, event, ahead: clock.ahead, heard: clock.heard, title }
  made.set(event.id, row)
  outbox.waiting++
  outbox.receipt = ''
  outbox.unkept = !(await opened().then((db) => keep(db, 'events', row, event.id)).then(() => true, () => false))
  void flush()
}

/** Sends the person's events until none is left or the network is away. */
export const flush = coalesced(send)

const retry = retrying(() => void flush())
export const soon = retry.soon

let alone = false // a refusal that names no event is about one of many

async function send(): Promise<void> {
  const person = session.me?.personId
  if (!person) return
  for (;;) {
    const rows = await next(person)
    if (rows.length === 0) return
    outbox.sending = true
    try {
      const answer = await deliver(person, rows)
      for (const { event } of rows) {
        made.delete(event.id)
        receipted.add(event.id)
      }
      alone = false
      outbox.receipt = answer.codes.at(-1) ?? ''
      Object.assign(outbox, { offline: false, signedOut: false })
      retry.done()
      for (const listener of listeners) listener(answer)
    } catch (error) {
      if (!(await past(failureOf(error), rows))) return
    } finally {
      outbox.sending = false
    }
  }
}

/** What goes next; it counts what waits. */
async function next(person: string): Promise<Waiting[]> {
  const [kept, ids] = await Promise.all([waiting(person), waitingIds(person)]).catch(() => [[], []] as [Waiting[], string[]])
  const lost = [...made.values()].filter((r) => r.person === person && !ids.includes(r.event.id))
  const rows = [...kept.filter((r) => !receipted.has(r.event.id)), ...lost]
  outbox.waiting = ids.filter((id) => !receipted.has(id)).length + lost.length
  return alone ? rows.slice(0, 1) : rows
}

/** What a failure means: whether sending goes on with other events. */
async function past(failure: Failure, rows: Waiting[]): Promise<boolean> {
  if (await setAside(failure, rows)) return true
  outbox.offline = failure.code === 'offline'
  outbox.signedOut = failure.problem?.status === 401
  if (failure.code === 'learning.other_person') void open() // in another tab somebody else signed in
  retry.later()
  wake()
  return false
}

/** Puts events that the server will never take aside, so that the others go on. */
async function setAside(failure: Failure, rows: Waiting[]): Promise<boolean> {
  const refused = failure.problem?.status === 422 || failure.code === 'learning.no_such_enrolment'
  if (!refused || failure.code === 'learning.event_in_future') return false
  const named = (failure.problem?.fields ?? []).map((f) => rows[Number(/events\[(\d+)\]/.exec(f.path)?.[1])])
  let wrong = named.filter((r) => r !== undefined)
  if (wrong.length === 0) {
    if (rows.length > 1) return (alone = true)
    wrong = rows
  }
  for (const row of wrong) {
    await opened().then((db) => db.put('refused', { ...row, code: failure.code }, row.event.id)).catch(() => {})
    made.delete(row.event.id)
    receipted.add(row.event.id)
  }
  await forget(wrong).catch(() => {})
  alone = false
  outbox.refused = failure.code
  return true
}

/** Sends again what was set aside. */
export async function again(rows: Waiting[]): Promise<void> {
  const db = await opened()
  for (const { person, event, ahead, heard, title } of rows) {
    receipted.delete(event.id)
    await keep(db, 'events', { person, event, ...(ahead === undefined ? {} : { ahead }), ...(heard === undefined ? {} : { heard }), ...(title ? { title } : {}) }, event.id)
    await db.delete('refused', event.id)
  }
  outbox.refused = ''
  await flush()
}

/** Asks the browser to have the worker send when there is a network, also with no page open. */
function wake() {
  void navigator.serviceWorker?.ready.then((all) => (all as Registration).sync?.register('outbox')).catch(() => {})
}

type Registration = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }

addEventListener('pagehide', () => outbox.waiting > 0 && wake())

// The worker sent what waited.
navigator.serviceWorker?.addEventListener('message', ({ data }) => {
  if (!data?.receipts) return
  for (const listener of listeners) listener(data.receipts)
  void flush()
})
