import { openDB, type DBSchema, type IDBPDatabase, type StoreKey, type StoreNames, type StoreValue } from 'idb'
import type { Schemas } from '$lib/api/client'

export interface Waiting {
  person: string
  event: Schemas['LearningEvent']
}

interface Box extends DBSchema {
  events: { key: string; value: Waiting; indexes: { person: string } }
  refused: { key: string; value: Waiting & { code: string } }
  marks: { key: string; value: string }
}

let box: Promise<IDBPDatabase<Box>> | undefined
export function opened() {
  box ??= openDB<Box>('haidang', 2, {
    upgrade(db, version) {
      if (version < 1) {
        db.createObjectStore('events').createIndex('person', 'person')
        db.createObjectStore('refused')
      }
      db.createObjectStore('marks')
    },
  })
  return box
}

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
 * an open quiz here, whether answers to surveys or notes wait. It is not in localStorage, which
 * browsers may write a minute late.
 */
type Mark = 'me' | 'quiz' | 'surveys' | 'notes'

export async function mark(name: Mark, value: string): Promise<void> {
  const tx = (await opened()).transaction('marks', 'readwrite', durably)
  if ((await tx.store.get(name)) !== value) await tx.store.put(value, name) // each page marks who it is
  await tx.done
}

/** A mark; empty where there is none, or where the browser keeps nothing. */
export const marked = (name: Mark): Promise<string> => opened().then((db) => db.get('marks', name)).then((value) => value ?? '', () => '')
