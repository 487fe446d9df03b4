import { Failure, type Schemas } from '$lib/api/client'

type Packs = typeof import('./packs')

/** Where the files of packs lie: an entry for each file, and one for each part of a larger one. worker.js reads them. */
export const cacheName = 'packs'

/** The whole of a file is in a pack. */
export const packed = async (url: string): Promise<boolean> => (await caches.match(url, { cacheName })) !== undefined

interface Found<T> {
  value: T
  at: string
  /** Where a recording was left since, in milliseconds. */
  left?: number | undefined
}

const silence = 10_000 // ms without an answer, as on a network that carries nothing

/**
 * What the server answers or, where there is no network or only silence, what a pack has
 * of it: then `at` says when the server told it. A server that answers is always right.
 */
export async function orKept<T>(asking: Promise<T>, find: (packs: Packs) => Promise<Found<T> | undefined>): Promise<{ value: T } & Partial<Found<T>>> {
  const answer = asking.then((value) => ({ value }))
  const silent = new Promise<undefined>((done) => setTimeout(done, silence))
  const heard = await Promise.race([answer, silent]).catch((error: unknown) => {
    if (!(error instanceof Failure && error.code === 'offline')) throw error
  })
  return heard ?? (await import('./packs').then(find).catch(() => undefined)) ?? answer
}

/** Has a pack keep what the server just said. */
export const renew = (...said: Parameters<Packs['renew']>): void => void import('./packs').then((packs) => packs.renew(...said)).catch(() => {})

/** The rendition of a recording that is on this device: playing it costs nothing. */
export async function renditionHere(asset: Schemas['AssetView'] | undefined): Promise<string | undefined> {
  if (!asset?.renditions?.length || !globalThis.caches || !(await caches.has(cacheName))) return undefined
  for (const r of asset.renditions) if (await packed(r.url)) return r.name
  return undefined
}
