import { offline, patience, send, within } from '$lib/api/client'
import { cacheName } from './kept'

/** A connection that is cut loses no more than a part. */
export const partBytes = 256 * 1024

export const partOf = (url: string, n: number) => `${url}?part=${n}`

interface About {
  bytes: number
  type: string
  etag: string
}

const kept = (body: ArrayBuffer | null, about: About, parts = false) =>
  new Response(body, { headers: { 'Content-Type': about.type, ETag: about.etag, 'X-Bytes': String(about.bytes), ...(parts ? { 'X-Part': String(partBytes) } : {}) } })

const aboutOf = ({ headers }: Response): About => ({
  bytes: Number(headers.get('X-Bytes')),
  type: headers.get('Content-Type') ?? '',
  etag: headers.get('ETag') ?? '',
})

/** Captions may be corrected after publication; every other file stays as it is. */
const fresh = (url: string) => url.endsWith('.vtt')

/** A download: signal ends it at once, over behind the parts that are under way. */
export interface Run {
  signal: AbortSignal
  over: boolean
}

/**
 * Fetches a file part by part and keeps each, behind those that are here; told hears
 * of the bytes that are. What was begun of another form of the file is not gone on with.
 */
export async function bring(url: string, run: Run, told: (bytes: number) => void): Promise<void> {
  const cache = await caches.open(cacheName)
  if (!fresh(url) && (await cache.match(url))) return
  let about: About | undefined
  for (let n = 0; !about || n * partBytes < about.bytes; n++) {
    const was = await cache.match(partOf(url, n))
    if (was && (!about || about.etag === aboutOf(was).etag)) {
      about = aboutOf(was)
      told(Math.min(partBytes, about.bytes - n * partBytes))
      continue
    }
    if (run.over) return
    const got = await fetched(url, n, run.signal)
    if (about && about.etag !== got.about.etag) {
      await drop(cache, url)
      throw new Cut()
    }
    about = got.about
    if (about.bytes <= partBytes) {
      await cache.put(url, kept(got.body, about))
      return told(about.bytes)
    }
    await cache.put(partOf(url, n), kept(got.body, about))
    told(got.body.byteLength)
  }
  await cache.put(url, kept(null, about, true))
}

/** What came is not what was asked for; it is asked for again. */
export class Cut extends Error {}

/** A part as the server has it, or Cut: half a body is never taken for a whole one. */
async function fetched(url: string, n: number, signal: AbortSignal): Promise<{ about: About; body: ArrayBuffer }> {
  const from = n * partBytes
  const response = await send(url, { headers: { Range: `bytes=${from}-${from + partBytes - 1}` }, cache: 'no-store', signal: either(signal, within(patience())) })
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')
  const body = await response.arrayBuffer().catch(offline)
  const bytes = Number(range?.[3])
  const wanted = Math.min(partBytes, bytes - from)
  if (!range || Number(range[1]) !== from || Number(range[2]) !== from + wanted - 1 || body.byteLength !== wanted) throw new Cut()
  return { about: { bytes, type: response.headers.get('Content-Type') ?? '', etag: response.headers.get('ETag') ?? '' }, body }
}

/** Ends with the first of some signals. */
function either(...signals: AbortSignal[]): AbortSignal {
  const first = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) first.abort()
    signal.addEventListener('abort', () => first.abort())
  }
  return first.signal
}

/** Deletes the entries of a file. */
async function drop(cache: Cache, url: string): Promise<void> {
  await Promise.all((await cache.keys(url, { ignoreSearch: true })).map((entry) => cache.delete(entry)))
}

/** Deletes every file but those. */
export async function sweep(urls: Set<string>): Promise<void> {
  if (!(await caches.has(cacheName))) return
  const cache = await caches.open(cacheName)
  const lost = (await cache.keys()).filter((entry) => !urls.has(new URL(entry.url).pathname))
  await Promise.all(lost.map((entry) => cache.delete(entry)))
}

/** How many bytes of some files are here, going by what each is said to have. */
export async function bytesHere(files: { url: string; bytes: number }[]): Promise<number> {
  if (!(await caches.has(cacheName))) return 0
  const cache = await caches.open(cacheName)
  const entries = new Map<string, number>() // parts of a file; Infinity: all
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url)
    entries.set(pathname, search ? (entries.get(pathname) ?? 0) + 1 : Infinity)
  }
  return files.reduce((sum, f) => sum + Math.min(f.bytes, (entries.get(f.url) ?? 0) * partBytes), 0)
}
