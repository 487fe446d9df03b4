import type { DBSchema } from 'idb'
import type { Failure } from '$lib/api/client'
import { database, keep } from '$lib/offline/device'
import type { Content } from './draft.svelte'

/** A saving that was sent and is not answered: it may have arrived. */
export interface Sent {
  edit: string
  content: Content
}

/** What somebody typed and the server does not have. */
export interface Kept {
  person: string
  course: string
  /** The draft that it was written on: its number, as the server had it, and in the form in which it was sent there. */
  revision: number
  there: Content
  was: Content
  is: Content
  sent?: Sent | undefined
  /** When it was typed. */
  at: string
}

interface Box extends DBSchema {
  drafts: { key: string; value: Kept; indexes: { of: [string, string] } }
}

// Not deleted at sign-out, like all that waits (ADR 25): it is read for its own person alone.
const opened = database<Box>('haidang-drafts', 1, (db) => void db.createObjectStore('drafts').createIndex('of', ['person', 'course']))

/** Whether saving may succeed when it is tried again as it is: there was no network, or the server is not well. */
export function passing({ code, problem }: Failure): boolean {
  const { status } = problem ?? {}
  return code === 'offline' || status === undefined || status >= 500 || status === 429
}

/** Whether an answer says that nothing which was sent under this name has been saved or will be. */
export const refusedForGood = ({ problem }: Failure) => [409, 413, 422].includes(problem?.status ?? 0)

/** What becomes of it, or otherwise where it fails or the browser never says: saving must not wait for that. */
const within = <T>(work: Promise<T>, otherwise: T): Promise<T> =>
  Promise.race([work.catch(() => otherwise), new Promise<T>((done) => setTimeout(done, 3000, otherwise))])

/** Takes hold of a place; gives what lets it go, and nothing where another page that is open has it. */
function hold(key: string): Promise<(() => void) | undefined> {
  if (!navigator.locks) return Promise.resolve(() => {}) // a browser of before 2022
  return new Promise((held) => {
    const wait = (lock: Lock | null) => (lock ? new Promise<void>((free) => held(free)) : held(undefined))
    navigator.locks.request(`haidang-draft ${key}`, { ifAvailable: true }, wait).catch(() => held(() => {}))
  })
}

/** Where one page keeps what is typed into it. Pages that are open leave each other's places alone. */
export class Place {
  #key = crypto.randomUUID() as string
  #held = hold(this.#key)

  /** Keeps it on this device; says whether the browser did. */
  put(kept: Kept): Promise<boolean> {
    const work = async () => {
      await this.#held
      await keep(await opened(), 'drafts', kept, this.#key)
      return true
    }
    return within(work(), false)
  }

  clear(): Promise<void> {
    return within(opened().then((db) => db.delete('drafts', this.#key)), undefined)
  }

  /** Takes over what a page that is closed left of a course, one at a time. */
  next(person: string, course: string): Promise<Kept | undefined> {
    const asked = { over: false }
    return within(this.#next(person, course, asked), undefined).finally(() => (asked.over = true))
  }

  async #next(person: string, course: string, asked: { over: boolean }): Promise<Kept | undefined> {
    const db = await opened()
    for (const key of await db.getAllKeysFromIndex('drafts', 'of', [person, course])) {
      const held = key !== this.#key && (await hold(key))
      if (!held) continue
      const kept = await db.get('drafts', key)
      if (!kept || asked.over) {
        held() // its page has saved it meanwhile, or nobody waits any more
        continue
      }
      void this.letGo()
      this.#key = key
      this.#held = Promise.resolve(held)
      return kept
    }
    return undefined
  }

  async letGo(): Promise<void> {
    ;(await this.#held)?.()
  }
}
