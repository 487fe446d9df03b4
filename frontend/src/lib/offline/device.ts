import { openDB, type DBSchema, type IDBPDatabase, type StoreKey, type StoreNames, type StoreValue } from 'idb'
import type { Schemas } from '$lib/api/client'

/** An event that the server has not receipted. */
export interface Waiting {
  person: string
  event: Schemas['LearningEvent']
  /** What the device knew of the server's clock when it happened. */
  ahead?: number
  heard?: number
  /** What it is about, for people. */
  title?: string
}

interface Box extends DBSchema {
  events: { key: string; value: Waiting; indexes: { person: string } }
  refused: { key: string; value: Waiting & { code: string } }
  marks: { key: string; value: string }
}

/**
 * A database of this device: opened once, and again after the browser closed it, as it
 * does when it deletes what it wants the room of.
 */
export function database<B extends DBSchema>(name: string, version: number, upgrade: (db: IDBPDatabase<B>, from: number) => void): () => Promise<IDBPDatabase<B>> {
  let box: Promise<IDBPDatabase<B>> | undefined
  const closed = () => (box = undefined)
  return () => {
    box ??= openDB<B>(name, version, {
      upgrade,
      blocking: (_, __, event) => {
        ;(event.target as IDBDatabase).close()
        closed()
      },
      terminated: closed,
    })
    box.catch(closed)
    return box
  }
}

export const opened = database<Box>('haidang', 2, (db, from) => {
  if (from < 1) {
    db.createObjectStore('events').createIndex('person', 'person')
    db.createObjectStore('refused')
  }
  db.createObjectStore('marks')
})

/** What is written so is on the disk when it is done, and not only with the system, which a phone without power forgets. */
export const durably = { durability: 'strict' } as const

/** Writes one value durably. */
export async function keep<B extends DBSchema, S extends StoreNames<B>>(db: IDBPDatabase<B>, store: S, value: StoreValue<B, S>, key: StoreKey<B, S>): Promise<void> {
  const tx = db.transaction(store, 'readwrite', durably)
  await tx.store.put(value, key)
  await tx.done
}

/**
 * What pages have to know before they load more: who is signed in, which lessons have
 * an open quiz here, whether answers to surveys or notes wait, what is known of the server's
 * clock. It is not in localStorage, which
 * browsers may write a minute late.
 */
type Mark = 'me' | 'quiz' | 'surveys' | 'notes' | 'clock'

export async function mark(name: Mark, value: string): Promise<void> {
  const tx = (await opened()).transaction('marks', 'readwrite', durably)
  if ((await tx.store.get(name)) !== value) await tx.store.put(value, name) // each page marks who it is
  await tx.done
}

/** A mark; empty where there is none, or where the browser keeps nothing. */
export const marked = (name: Mark): Promise<string> => opened().then((db) => db.get('marks', name)).then((value) => value ?? '', () => '')
