import type { Schemas } from '$lib/api/client'

export type Timed = Schemas['TimedQuestion']
export type Answer = Schemas['QuestionAnswer']

/** What a recording asks: where it stops, and what is answered. */
export class Asking {
  /** What it stands at now. */
  now = $state.raw<Timed>()
  /** What was answered since the page opened. */
  own = $state.raw<Answer[]>([])
  #last = -1

  constructor(
    private readonly asks: () => Timed[],
    private readonly known: () => readonly Answer[],
  ) {}

  /** The latest answer to a question. */
  chosen(q: Timed): readonly number[] | undefined {
    return [...this.known(), ...this.own].reverse().find((a) => a.question === q.block.id)?.chosen
  }

  get open(): Timed[] {
    return this.asks().filter((q) => !this.chosen(q))
  }

  /** It played on to a position; true where it has to stop: at the first open question since the position before. */
  played(ms: number): boolean {
    if (this.now) return false
    const due = this.open.find((q) => q.atMs > this.#last && q.atMs <= ms)
    this.#last = due?.atMs ?? ms
    this.now = due
    return due !== undefined
  }

  /** It went to a position without playing: what lies between is not asked, and not answered. */
  jumped(ms: number) {
    this.#last = ms
  }

  answer(chosen: number[]): Answer {
    const given = { question: this.now!.block.id!, chosen: [...chosen].sort((a, b) => a - b) }
    this.own = [...this.own, given]
    return given
  }
}
