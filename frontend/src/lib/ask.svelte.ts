import { failureOf, type Failure } from './api/client'

/** What a page asked of the server: loading, then a value or a failure. */
export class Ask<T> {
  value = $state<T>()
  failure = $state<Failure>()
  loading = $state(true)
  #round = 0

  constructor(private readonly question: () => Promise<T>) {}

  /** Asks (again). A later answer wins over an earlier one. */
  async run(): Promise<void> {
    const round = ++this.#round
    this.loading = true
    try {
      const value = await this.question()
      if (round !== this.#round) return
      this.value = value
      this.failure = undefined
    } catch (error) {
      if (round !== this.#round) return
      this.failure = failureOf(error)
    } finally {
      if (round === this.#round) this.loading = false
    }
  }
}

/** An answer that comes page by page. */
interface Paged {
  next?: string
}

/** What a page asked of the server, with more of it on request. */
export class Pages<T extends Paged> extends Ask<T> {
  constructor(
    private readonly page: (after?: string) => Promise<T>,
    private readonly join: (was: T, next: T) => T,
  ) {
    super(() => page())
  }

  /** Adds the next page, unless something else was asked meanwhile. */
  more = async (): Promise<void> => {
    const was = this.value
    try {
      const next = await this.page(was?.next)
      if (was && this.value === was) this.value = this.join(was, next)
    } catch (error) {
      this.failure = failureOf(error)
    }
  }
}

/** A list with more of it on request. */
export const listed = <I, T extends Paged & { items: I[] }>(page: (after?: string) => Promise<T>) =>
  new Pages(page, (was, next) => ({ ...next, items: [...was.items, ...next.items] }))

/** A training record with more of its entries on request. */
export const recorded = <I, T extends Paged & { entries: I[] }>(page: (after?: string) => Promise<T>) =>
  new Pages(page, (was, next) => ({ ...next, entries: [...was.entries, ...next.entries] }))

/** Calls run when the typing rests, never while a syllable is composed. */
export function typing(run: () => void, ms = 300): (event: Event) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (event) => {
    if ((event as InputEvent).isComposing) return
    clearTimeout(timer)
    timer = setTimeout(run, ms)
  }
}

/** Does something once at a time and keeps why it failed. */
export class Deed {
  failure = $state<Failure>()
  busy = $state(false)

  async run(what: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.failure = undefined
    try {
      await what()
      return true
    } catch (error) {
      this.failure = failureOf(error)
      return false
    } finally {
      this.busy = false
    }
  }
}
