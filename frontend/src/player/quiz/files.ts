import type { DBSchema } from 'idb'
import { database, keep } from '$lib/offline/device'

/** A file of an essay as this device keeps it until the server has it. */
export interface KeptFile {
  person: string
  attempt: string
  slot: number
  sha256: string
  name: string
  data: ArrayBuffer
  /** The server has it. */
  recorded?: boolean
  /** The server will never take it: why. */
  refused?: string
}

interface Box extends DBSchema {
  files: { key: [string, string]; value: KeptFile; indexes: { person: string; attempt: string } }
}

// A database of its own: pages of before that are still open keep the other one at its version.
const opened = database<Box>('haidang-essay', 1, (db) => {
  const files = db.createObjectStore('files')
  files.createIndex('person', 'person')
  files.createIndex('attempt', 'attempt')
})

const memory = new Map<string, KeptFile>()
const key = (f: KeptFile) => `${f.attempt} ${f.sha256}`
const waits = (f: KeptFile) => !f.recorded && !f.refused

/** Keeps a file. False: only in memory. */
export async function keepFile(f: KeptFile): Promise<boolean> {
  try {
    await keep(await opened(), 'files', f, [f.attempt, f.sha256])
    memory.delete(key(f))
    return true
  } catch {
    memory.set(key(f), f)
    return false
  }
}

async function found(by: 'person' | 'attempt', value: string): Promise<KeptFile[]> {
  const rows = await opened().then((db) => db.getAllFromIndex('files', by, value)).catch(() => [])
  return [...rows, ...[...memory.values()].filter((f) => f[by] === value)]
}

export const filesOf = (attempt: string) => found('attempt', attempt)
export const waitingFiles = async (person: string) => (await found('person', person)).filter(waits)
export const fileWaits = async (attempt: string) => (await filesOf(attempt)).some(waits)

/** Removes a file; without one, all of an attempt that the server has or refused. */
export async function forgetFiles(attempt: string, sha256?: string): Promise<void> {
  for (const f of await filesOf(attempt)) {
    if (sha256 ? f.sha256 !== sha256 : waits(f)) continue
    memory.delete(key(f))
    await opened().then((db) => db.delete('files', [attempt, f.sha256])).catch(() => undefined)
  }
}

/** Bytes that a file may have. */
export const mostBytes = 4 * 1024 * 1024

const begins: Record<string, number[]> = {
  pdf: [0x25, 0x50, 0x44, 0x46], doc: [0xd0, 0xcf, 0x11, 0xe0], docx: [0x50, 0x4b, 3, 4], jpg: [0xff, 0xd8, 0xff], jpeg: [0xff, 0xd8, 0xff], png: [0x89, 0x50, 0x4e, 0x47],
}

/** Why a file is not taken, before anything of it is sent. */
export function wrong(name: string, data: Uint8Array): 'type' | 'size' | undefined {
  const start = begins[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '']
  if (!start) return 'type'
  if (data.length === 0 || data.length > mostBytes) return 'size'
  return start.every((b, i) => data[i] === b) ? undefined : 'type'
}

/** How many words a text has. */
export const words = (text: string) => text.split(/\s+/).filter(Boolean).length
