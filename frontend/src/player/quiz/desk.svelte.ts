import { Failure, GET, now, POST } from '$lib/api/client'
import { Deed } from '$lib/ask.svelte'
import { sha256 as digestOf } from '$lib/digest'
import { session } from '$lib/session.svelte'
import { fileWaits, filesOf, forgetFiles, keepFile, type KeptFile } from './files'
import { empty, finished, latest, later, nextSeq, same, waits, whereabouts, type Answer, type Given, type Kept, type Sheet, type Whereabouts } from './answers'
import { Pictures } from './pictures.svelte'
import { flush, onSent, post } from './sender.svelte'
import { answersTo, forget, keep, keepSheet, type KeptSheet } from './store'
import { ahead } from './time'

const rest = 800 // of the typing, in milliseconds, after which it is kept
const longest = 5000 // that somebody types without being kept

const measured = () => now().getTime() - Date.now()

/** An attempt under way on this device: what was answered, and where that is. */
export class Desk {
  sheet = $state.raw<Sheet>() as Sheet
  /** This browser keeps nothing: answers are safe only once they are recorded. */
  unsafe = $state(false)
  /** The attempt ended, here or elsewhere. */
  ended = $state(false)
  #title: string
  /** In large text, as its learner is allowed. */
  readonly large: boolean
  #ahead: number
  #person = session.me?.personId ?? ''
  #kept = $state.raw<Record<number, Kept>>({})
  /** How often an answer came from elsewhere, by slot. */
  #rounds = $state.raw<Record<number, number>>({})
  #typing = $state.raw<{ slot: number; texts: string[] }>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #typedSince = 0
  /** Files of essays that this device keeps. */
  files = $state.raw<KeptFile[]>([])
  #writing: Promise<unknown> = Promise.resolve()
  /** The server was heard since this page opened the attempt. */
  fresh: boolean
  /** Handing in, which goes on when the page changes around the attempt. */
  readonly handing = new Deed()
  /** What was handed in, as the server has it. */
  result = $state.raw<Sheet>()
  readonly pictures: Pictures
  /** The question that is shown; their number is the page before handing in. */
  at = $state(0)

  constructor(kept: KeptSheet, fresh: boolean) {
    this.sheet = kept.sheet
    this.#title = kept.title
    this.large = !!kept.large
    this.#ahead = kept.ahead
    this.fresh = fresh
    this.pictures = new Pictures(kept.pictures ?? {}, () => this.sheet.questions, () => this.#keepSheet())
  }

  static async begin(sheet: Sheet, title: string, large: boolean): Promise<Desk> {
    const desk = new Desk({ person: '', title, sheet, ahead: measured(), large }, true)
    await desk.#keepSheet()
    return desk.#open()
  }

  static async resume(kept: KeptSheet): Promise<Desk> {
    const desk = new Desk(kept, false)
    await desk.#open()
    void desk.refresh()
    return desk
  }

  /** Begins where it was left: at the first question without an answer. */
  async #open(): Promise<this> {
    void this.pictures.gather()
    await this.reload()
    this.at = this.blank[0] ?? this.sheet.questions.length
    return this
  }

  get person() { return this.#person }

  /** Follows what happens outside of this page; gives how to stop. */
  follow(): () => void {
    const heard = onSent((attempt, late) => {
      if (attempt !== this.sheet.id) return
      if (late) this.ended = true
      else void this.reload()
      if (!this.fresh) void this.refresh()
    })
    const turned = () => {
      this.commit()
      if (!document.hidden) void this.reload()
    }
    const online = () => {
      void this.refresh()
      void this.pictures.gather()
    }
    document.addEventListener('visibilitychange', turned)
    addEventListener('pagehide', this.commit)
    addEventListener('online', online)
    return () => {
      this.commit()
      heard()
      document.removeEventListener('visibilitychange', turned)
      removeEventListener('pagehide', this.commit)
      removeEventListener('online', online)
    }
  }

  /** The instant by the server's clock, as far as it is known. */
  now = (): number => Date.now() + ahead(measured(), this.#ahead)

  given = (slot: number): Given | undefined => latest(this.sheet.questions[slot]?.given, this.#kept[slot])
  answered = (slot: number): boolean => !empty(this.given(slot))
  finished = (slot: number): boolean => finished(this.sheet.questions[slot]!, this.given(slot))
  round = (slot: number): number => this.#rounds[slot] ?? 0
  where = (slot: number): Whereabouts =>
    this.#typing?.slot === slot ? 'page' : whereabouts(this.sheet.questions[slot]?.given, this.#kept[slot], post.sending)
  refused = (slot: number): string | undefined => this.#kept[slot]?.refused
  readonly waiting = $derived(Object.values(this.#kept).filter(waits).length)
  readonly blank = $derived(this.sheet.questions.map((_, i) => i).filter((i) => !this.finished(i)))

  /** Keeps an answer on this device, then sends what there is. */
  answer = (slot: number, answer: Answer): void => {
    const given = this.sheet.questions[slot]?.given
    if (same(this.given(slot), answer)) return
    const k: Kept = {
      ...answer, person: this.#person, attempt: this.sheet.id, slot, event: crypto.randomUUID(), seq: nextSeq(given, this.#kept[slot]),
      at: new Date(this.now()).toISOString(), ...(navigator.onLine && post.failure?.code !== 'offline' ? {} : { offline: true }),
    }
    this.#kept = { ...this.#kept, [slot]: k }
    this.#writing = Promise.all([this.#writing, this.#write(k)])
  }

  async #write(k: Kept): Promise<void> {
    const saved = await keep(k)
    if (!saved) this.unsafe = true
    if (this.#kept[k.slot]?.event === k.event) this.#kept = { ...this.#kept, [k.slot]: { ...k, saved } }
    void flush()
  }

  /** Takes what is being typed; it is kept when the typing rests. */
  type = (slot: number, texts: string[]): void => {
    if (this.#typing && this.#typing.slot !== slot) this.commit()
    if (!this.#typing) this.#typedSince = Date.now()
    this.#typing = { slot, texts: texts.map((t) => t.normalize('NFC')) }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.commit, Math.max(0, Math.min(rest, this.#typedSince + longest - Date.now())))
  }

  /** Keeps what was typed now. */
  commit = (): void => {
    clearTimeout(this.#timer)
    const typed = this.#typing
    if (!typed) return
    this.#typing = undefined
    const { files } = this.given(typed.slot) ?? {}
    this.answer(typed.slot, { texts: typed.texts, ...(files ? { files } : {}) })
  }

  /** Attaches a file to an essay: it is kept here, named by the answer, then sent. */
  async attach(slot: number, name: string, data: ArrayBuffer): Promise<void> {
    const sha256 = await digestOf(data)
    if (!(await keepFile({ person: this.#person, attempt: this.sheet.id, slot, sha256, name, data }))) this.unsafe = true
    this.files = await filesOf(this.sheet.id)
    this.#answerFiles(slot, (files) => [...files.filter((f) => f !== sha256), sha256])
    void flush()
  }

  async detach(slot: number, sha256: string): Promise<void> {
    this.#answerFiles(slot, (files) => files.filter((f) => f !== sha256))
    await forgetFiles(this.sheet.id, sha256)
    this.files = await filesOf(this.sheet.id)
  }

  #answerFiles(slot: number, change: (files: string[]) => string[]): void {
    this.commit()
    const given = this.given(slot)
    this.answer(slot, { texts: given?.texts ?? [''], files: change(given?.files ?? []) })
  }

  /** Takes over what this device keeps, of other tabs as well. */
  async reload(): Promise<void> {
    const rows = await answersTo(this.sheet.id)
    this.files = await filesOf(this.sheet.id)
    this.#turn(() => {
      const kept = { ...this.#kept }
      for (const k of rows) if (later(k, kept[k.slot]) || kept[k.slot]?.event === k.event) kept[k.slot] = k
      this.#kept = kept
    })
  }

  /** Takes over what the server has, of other devices as well. */
  async refresh(): Promise<void> {
    const sheet = await GET('/api/attempts/{id}', { path: { id: this.sheet.id } }).catch(() => undefined)
    if (!sheet || this.result) return
    this.fresh = true
    this.#ahead = measured()
    if (sheet.state === 'done') {
      this.ended = true
      return
    }
    this.#turn(() => (this.sheet = sheet))
    await this.#keepSheet()
  }

  /** Changes what is known, and notes which answers are others than before. */
  #turn(change: () => void): void {
    this.commit()
    const before = this.sheet.questions.map((_, i) => this.given(i)?.event)
    change()
    const rounds = { ...this.#rounds }
    before.forEach((event, i) => { if (this.given(i)?.event !== event) rounds[i] = this.round(i) + 1 })
    this.#rounds = rounds
  }

  // What ended is not kept again, whoever was still at it.
  #keepSheet = async (): Promise<void> => {
    if (!this.ended && !this.result) await keepSheet({ person: this.#person, title: this.#title, sheet: this.sheet, ahead: this.#ahead, large: this.large, pictures: this.pictures.kept })
  }

  /** Sends all that waits, then ends the attempt; fails while something waits. */
  handIn = (): Promise<boolean> => this.handing.run(async () => {
    this.commit()
    await this.#writing
    await flush()
    if ((await answersTo(this.sheet.id)).some(waits) || (await fileWaits(this.sheet.id))) throw post.failure ?? new Failure('offline')
    const done = await POST('/api/attempts/{id}/submission', { path: { id: this.sheet.id } })
    this.result = done
    await Promise.all([forget(this.sheet.id), forgetFiles(this.sheet.id)])
  })
}
