import { failureOf, POST, type Failure } from '$lib/api/client'
import { coalesced } from '$lib/offline/coalesced'
import { listen } from '$lib/offline/listen'
import { retrying } from '$lib/offline/retry'
import { outbox } from '$lib/offline/outbox.svelte'
import { session } from '$lib/session.svelte'
import { base64 } from '$lib/base64'
import { sent, type Kept } from './answers'
import { forgetFiles, keepFile, waitingFiles, type KeptFile } from './files'
import { forget, mark, sheetOf, waitingOf } from './store'

/** How the sending of answers goes. */
export const post = $state<{ sending: ReadonlySet<string>; failure?: Failure }>({ sending: new Set() })

/** Called when the server has answers of an attempt; late: they came after its end. */
type Listener = (attempt: string, late: boolean) => void
const listeners = new Set<Listener>()

export function onSent(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const aside = new Set<string>() // even where the browser no longer writes

/** Sends the person's answers until none is left or the network is away. */
export const flush = coalesced(look)

async function look(): Promise<void> {
  const person = session.me?.personId
  if (!person) return
  const rows = (await waitingOf(person)).filter((k) => !aside.has(k.event))
  outbox.answers = rows.length
  let failure: Failure | undefined
  for (const attempt of new Set(rows.map((k) => k.attempt))) {
    const batch = rows.filter((k) => k.attempt === attempt)
    failure = (await sendBatch(attempt, batch)) ?? failure
    if (failure?.code === 'offline') break
  }
  if (failure?.code !== 'offline') failure = (await sendFiles(await waitingFiles(person))) ?? failure
  post.failure = failure
  outbox.answers = (await waitingOf(person)).length + (await waitingFiles(person)).length
  if (failure) {
    outbox.offline = failure.code === 'offline'
    retry.later()
  } else retry.done()
}

/** Sends answers to one attempt; gives why they are to be sent again. */
async function sendBatch(attempt: string, batch: Kept[]): Promise<Failure | undefined> {
  const kept = await sheetOf(attempt)
  if (!kept) return mark(batch, { refused: 'assessment.bad_seal' }).then(() => undefined)
  post.sending = new Set(batch.map((k) => k.event))
  try {
    const { late } = await POST('/api/attempts/{id}/answers', { path: { id: attempt }, body: { seal: kept.sheet.seal, answers: batch.map(sent) } })
    await mark(batch, { recorded: true })
    outbox.offline = false
    // Files need the sheet's seal.
    const files = late ? (await waitingFiles(batch[0]!.person)).filter((f) => f.attempt === attempt) : []
    if (late && !(await sendFiles(files))) await Promise.all([forget(attempt), forgetFiles(attempt)])
    for (const listener of listeners) listener(attempt, late)
  } catch (error) {
    const failure = failureOf(error)
    if (!(await setAside(failure, batch))) return failure
    void flush() // those that were not named
    for (const listener of listeners) listener(attempt, false)
  } finally {
    post.sending = new Set()
  }
  return undefined
}

/** Sends files of essays one by one; gives why they are to be sent again. */
async function sendFiles(files: KeptFile[]): Promise<Failure | undefined> {
  for (const f of files) {
    const kept = await sheetOf(f.attempt)
    try {
      if (kept) {
        const file = await base64(new Blob([f.data]))
        await POST('/api/attempts/{id}/files', { path: { id: f.attempt }, body: { seal: kept.sheet.seal, slot: f.slot, name: f.name, file } })
      }
      await keepFile({ ...f, data: new ArrayBuffer(0), ...(kept ? { recorded: true } : { refused: 'assessment.bad_seal' }) })
    } catch (error) {
      const failure = failureOf(error)
      if (![404, 409, 413, 415, 422].includes(failure.problem?.status ?? 0)) return failure
      await keepFile({ ...f, refused: failure.code })
    }
    for (const listener of listeners) listener(f.attempt, false)
  }
  return undefined
}

/** Puts answers that the server will never take aside, so that the others go on. */
async function setAside(failure: Failure, batch: Kept[]): Promise<boolean> {
  const status = failure.problem?.status
  if (status !== 422 && status !== 404) return false
  const named = (failure.problem?.fields ?? []).map((f) => batch[Number(/answers\[(\d+)\]/.exec(f.path)?.[1])])
  const wrong = named.filter((k) => k !== undefined)
  const refused = wrong.length > 0 ? wrong : batch
  for (const k of refused) aside.add(k.event)
  await mark(refused, { refused: failure.code })
  return true
}

const longest = 10_000 // ms: somebody looks at where the answer is, and a clock may run
const retry = retrying(() => void flush(), longest)

let begun = false

/** Sends whenever there may be a network again. */
export function begin() {
  if (!begun) {
    begun = true
    listen(retry.soon)
  }
  retry.soon()
}
