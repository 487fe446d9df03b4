import { Failure } from './api/client'

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
      this.failure = error instanceof Failure ? error : new Failure('request.fault')
    } finally {
      if (round === this.#round) this.loading = false
    }
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
      this.failure = error instanceof Failure ? error : new Failure('request.fault')
      return false
    } finally {
      this.busy = false
    }
  }
}
