import type { DBSchema } from 'idb'
import { failureOf, POST, type Failure, type Schemas } from '$lib/api/client'
import { session } from '$lib/session.svelte'
import { coalesced } from './coalesced'
import { database, keep, mark } from './device'
import { listen } from './listen'
import { retrying } from './retry'

export type Kind = 'before' | 'after' | 'reaction' | 'comment' | 'evaluation'
type Answer = Omit<Schemas['SurveyAnswer'], 'event'>
type FollowUp = Omit<Schemas['FollowUpAnswer'], 'event'>

/** An answer and where it goes; its event says that it is the same when it is sent again. */
type Waiting = { person: string; event: string } & (
  | { kind: Kind; enrolment: string; answer: Answer }
  | { kind: 'used' | 'seen'; completion: string; answer: FollowUp }
)

interface Box extends DBSchema {
  answers: { key: string; value: Waiting; indexes: { person: string } }
}

const opened = database<Box>('haidang-surveys', 1, (db) => {
  db.createObjectStore('answers').createIndex('person', 'person')
})

const keyOf = (w: Waiting) => `${w.person} ${'enrolment' in w ? w.enrolment : `${w.completion} ${w.answer.days}`} ${w.kind}`
const me = () => session.me?.personId ?? ''

/** Where an answer is: with the server, or on this device until there is a network. */
export type Where = 'sent' | 'kept'

export const answer = (enrolment: string, kind: Kind, said: Answer): Promise<Where> =>
  deliver({ person: me(), event: crypto.randomUUID(), kind, enrolment, answer: said })

export const follow = (side: 'used' | 'seen', completion: string, said: FollowUp): Promise<Where> =>
  deliver({ person: me(), event: crypto.randomUUID(), kind: side, completion, answer: said })

/** Keeps an answer on this device and sends it. It throws what the server refuses for good. */
async function deliver(w: Waiting): Promise<Where> {
  const kept = await opened().then((db) => keep(db, 'answers', w, keyOf(w))).then(() => mark('surveys', '1')).then(() => true, () => false)
  try {
    await sent(w)
    return 'sent'
  } catch (error) {
    const failure = failureOf(error)
    if (refusedForGood(failure) || !kept) throw failure
    retry.later()
    return 'kept'
  }
}

/** Sends an answer, and forgets it once the server has or refuses it: nothing of it stays here. */
async function sent(w: Waiting): Promise<void> {
  const body = { ...w.answer, event: w.event }
  try {
    if ('enrolment' in w) await POST('/api/enrolments/{id}/surveys/{kind}', { path: { id: w.enrolment, kind: w.kind }, body: body as Schemas['SurveyAnswer'] })
    else await POST(w.kind === 'used' ? '/api/follow-ups/{id}/used' : '/api/follow-ups/{id}/seen', { path: { id: w.completion }, body: body as Schemas['FollowUpAnswer'] })
  } catch (error) {
    if (refusedForGood(failureOf(error))) await forget(w)
    throw error
  }
  await forget(w)
}

const refusedForGood = ({ problem }: Failure) => problem !== undefined && problem.status >= 400 && problem.status < 500 && problem.status !== 401 && problem.status !== 429

async function forget(w: Waiting): Promise<void> {
  const db = await opened().catch(() => undefined)
  await db?.delete('answers', keyOf(w))
  if ((await db?.count('answers')) === 0) await mark('surveys', '')
}

/** What of an enrolment or a completion waits on this device, by kind. */
export async function waitingOf(id: string): Promise<Set<string>> {
  const all = await opened().then((db) => db.getAllFromIndex('answers', 'person', me())).catch(() => [])
  return new Set(all.filter((w) => ('enrolment' in w ? w.enrolment : `${w.completion} ${w.answer.days}`) === id).map((w) => w.kind))
}

/** How many answers wait on this device. */
export const waitingCount = (): Promise<number> => opened().then((db) => db.countFromIndex('answers', 'person', me())).catch(() => 0)

const listeners = new Set<() => void>()

/** Calls run when answers that waited were sent. */
export function onSent(run: () => void): () => void {
  listeners.add(run)
  return () => listeners.delete(run)
}

/** Sends the person's answers until none is left or the network is away. */
const flush = coalesced(async () => {
  const all = await opened().then((db) => db.getAllFromIndex('answers', 'person', me())).catch(() => [])
  for (const w of all) {
    try {
      await sent(w)
    } catch (error) {
      if (!refusedForGood(failureOf(error))) return retry.later()
    }
  }
  retry.done()
  if (all.length > 0) for (const run of listeners) run()
})

const retry = retrying(() => void flush())
listen(retry.soon)

/** Sends what waits since an earlier visit. */
export const begin = retry.soon
