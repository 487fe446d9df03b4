import type { Schemas } from '$lib/api/client'
import { session } from '$lib/session.svelte'
import { marked, opened } from './device'
import { listen } from './listen'

type Receipts = Schemas['Receipts']
export type Happening = Omit<Schemas['LearningEvent'], 'id' | 'at' | 'offline'>

/**
 * What the learner is told: saved here, on its way, or in the database. Nobody may send
 * for whoever is signed out; what is unkept is in this page only.
 */
export const outbox = $state({ waiting: 0, answers: 0, sending: false, offline: false, signedOut: false, unkept: false, receipt: '', refused: '' })

/** Called with the merged state that the server answered. */
type Listener = (receipts: Receipts) => void
export const listeners = new Set<Listener>()

export function onReceipts(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Sends what waits on this device since an earlier visit; where its code does not come either, at the next sign of a network. */
const look = () => void sent().catch(() => {})

async function sent() {
  outbox.offline = !navigator.onLine
  const person = session.me?.personId
  if (!person) return
  if (outbox.waiting || (await opened().then((db) => db.countFromIndex('events', 'person', person), () => 0))) (await import('./sending')).soon()
  const left = await Promise.all([marked('quiz'), marked('surveys'), marked('notes')])
  if (left.some(Boolean)) (await import('./senders')).begin()
}

let listening = false

/** Sends now, and from now on whenever there may be a network again. */
export function begin() {
  if (!listening) {
    listen(look)
    addEventListener('offline', look)
  }
  listening = true
  look()
}
