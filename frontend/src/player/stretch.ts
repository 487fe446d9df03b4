/** A watched stretch, in milliseconds of the recording and of the device. */
export interface Watched {
  fromMs: number
  toMs: number
  elapsedMs: number
}

/** How often a running stretch is reported, in device milliseconds. */
const beatEvery = 10_000

/** How far the position may run ahead of twice the time: less is no playing. */
const jump = 1_500

/**
 * Follows a player and reports what was really played: from a start to a stop,
 * and every ten seconds between. Positions and times come from outside.
 */
export class Stretch {
  #from: number | undefined
  #to = 0
  #since = 0

  constructor(private readonly report: (s: Watched) => void) {}

  start(position: number, time: number) {
    if (this.#from !== undefined) return
    this.#from = position
    this.#to = position
    this.#since = time
  }

  /** The player moved on; reports when it is time, or now. */
  beat(position: number, time: number, at_once = false) {
    if (this.#from === undefined) return
    const possible = this.#from + (time - this.#since) * 2 + jump
    if (position < this.#to || position > possible) {
      // The player jumped without telling: what was before still counts.
      this.cut(time)
      this.start(position, time)
      return
    }
    this.#to = position
    if (at_once || time - this.#since >= beatEvery) {
      this.#send(time)
      this.#from = position
      this.#since = time
    }
  }

  /** Playing ended at a position. */
  stop(position: number, time: number) {
    this.beat(position, time)
    this.cut(time)
  }

  /** Playing ended where the last beat was. */
  cut(time: number) {
    this.#send(time)
    this.#from = undefined
  }

  #send(time: number) {
    if (this.#from === undefined || this.#to - this.#from < 250) return
    this.report({ fromMs: this.#from, toMs: this.#to, elapsedMs: Math.max(1, Math.round(time - this.#since)) })
  }
}
