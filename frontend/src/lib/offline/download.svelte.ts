import { Failure, failureOf, GET } from '$lib/api/client'
import { session } from '$lib/session.svelte'
import { sum, wanted, type Wanted } from './choice'
import { finish, hasText, keepPack, keepText, type Pack } from './packs'
import { bring, bytesHere, Cut, type Run } from './parts'
import { listen } from './listen'
import { retrying } from './retry'

/** What somebody wants on this device. */
export interface Want {
  course: string
  quality: string
  lessons?: string[]
}

/**
 * How a download goes: under way; waiting for the network or for a server that is not
 * well; stopped; without room; or refused.
 */
export type Stage = 'loading' | 'offline' | 'server' | 'stopped' | 'full' | 'refused' | 'done'

const most = 3 // files at once

export class Download {
  stage = $state<Stage>('loading')
  have = $state(0)
  all = $state(0)
  /** Bytes that are free, where they do not suffice. */
  free = $state<number>()
  failure = $state<Failure>()
  /** It is under way, or may go on by itself or by a word. */
  readonly busy = $derived(this.stage !== 'done' && this.stage !== 'stopped')
  readonly person = session.me!.personId
  #stop = new AbortController()
  #retry = retrying(() => {
    if (this.stage === 'offline' || this.stage === 'server') void this.#run()
  })

  constructor(private readonly want: Want) {
    listen(this.#retry.soon)
    void this.#run()
  }

  /** Ends it; what is here stays. */
  stop = () => {
    this.stage = 'stopped'
    this.#stop.abort()
  }

  again = () => void this.#run()

  async #run() {
    this.stage = 'loading'
    this.#stop = new AbortController()
    const { signal } = this.#stop
    try {
      await this.#load(signal)
      if (!signal.aborted) this.stage = 'done'
    } catch (error) {
      if (signal.aborted) return
      this.stage = this.#ended(error)
      if (this.stage === 'offline' || this.stage === 'server') this.#retry.later()
    }
  }

  #ended(error: unknown): Stage {
    if (error instanceof NoRoom) return 'full'
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      this.free = undefined
      return 'full'
    }
    this.failure = failureOf(error)
    if (this.failure.code === 'offline') return 'offline'
    const status = this.failure.problem?.status
    const forGood = status !== undefined && status >= 400 && status < 500 && status !== 429
    return error instanceof Cut || !forGood ? 'server' : 'refused'
  }

  /** Asks what the course is now, and fetches what of it is not here. */
  async #load(signal: AbortSignal) {
    if (session.me?.personId !== this.person) return this.stop()
    const view = await GET('/api/courses/{id}', { path: { id: this.want.course } })
    const { lessons } = await GET('/api/versions/{version}/pack', { path: { version: view.version } })
    const chosen = lessons.filter((l) => this.want.lessons?.includes(l.lesson) ?? true)
    const files = wanted(chosen, this.want.quality)
    this.all = sum(files)
    this.have = await bytesHere(files)
    await this.#room()
    const pack: Pack = { ...this.want, person: this.person, version: view.version, view, at: new Date().toISOString(), files, done: false }
    await keepPack(pack)
    for (const { lesson } of chosen) {
      if (signal.aborted) return
      if (!(await hasText(pack, lesson))) await keepText(pack, await GET('/api/versions/{version}/lessons/{lesson}', { path: { version: view.version, lesson } }))
    }
    this.have = 0
    await this.#bring([...files], { signal, over: false })
    if (signal.aborted) return
    await finish(pack)
  }

  /** Refuses before the first byte what the device has no room for. */
  async #room() {
    const { quota, usage } = await navigator.storage.estimate()
    this.free = Math.max(0, (quota ?? Infinity) - (usage ?? 0))
    if (this.all - this.have > this.free) throw new NoRoom()
  }

  /** Fetches some files at a time. When one fails, the parts that are under way come yet. */
  async #bring(rest: Wanted[], run: Run) {
    const one = async () => {
      for (let file = rest.shift(); file && !run.over; file = rest.shift()) {
        let told = 0
        await bring(file.url, run, (n) => {
          told += n
          this.have += n
        })
        if (!run.over) this.have += file.bytes - told // of some the size was a guess
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: most }, () => one().catch((error: unknown) => {
      run.over = true
      throw error
    })))
    const failed = ends.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  }
}

class NoRoom extends Error {}

/** The downloads of this page by course; they go on while it turns to other places. */
const downloads = $state<Record<string, Download>>({})

export function downloadOf(course: string): Download | undefined {
  const one = downloads[course]
  return one?.person === session.me?.personId ? one : undefined
}

export function download(want: Want): void {
  downloads[want.course]?.stop()
  downloads[want.course] = new Download(want)
  void navigator.storage.persist().catch(() => {})
}
