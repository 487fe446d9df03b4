import { failureOf, GET, now, POST, PUT, within, type Failure, type Schemas } from '$lib/api/client'
import { retrying } from '$lib/offline/retry'
import { session } from '$lib/session.svelte'
import { passing, Place, refusedForGood, type Sent } from './kept'
import { merge, same, type Choice } from './merge'

export type Content = Schemas['CourseContent']
export type Lesson = Schemas['Lesson']
export type Module = Schemas['Module']
type Draft = Schemas['Draft']
type Class = 'correction' | 'addition' | 'replacement'

/** What another author saved meanwhile, and where the two changed the same. */
export interface Conflict {
  theirs: Draft
  parts: string[]
  sections: Schemas['ChangedSection'][]
}

const rest = 1200 // ms without a key, after which it is saved
const soon = 500 // ms after a key in which it is kept on this device
const longest = 30_000 // ms between two attempts to save

let leaving: Promise<unknown> = Promise.resolve() // pages that were left and save yet

/**
 * A draft under the author's hands: it saves itself a moment after a change. What the
 * server does not have is kept on this device, until it has it.
 */
export class DraftState {
  draft = $state<Draft>()
  content = $state<Content>()
  state = $state<'saved' | 'changed' | 'saving' | 'failed'>('saved')
  failure = $state<Failure>()
  conflict = $state.raw<Conflict>()
  /** Who changed other parts meanwhile, which were taken in. */
  joined = $state('')
  /** Grows when the content was put together anew, so that its editors begin anew. */
  round = $state(0)
  /** When what was put in was typed, which an earlier page could not save. */
  brought = $state('')
  /** When what waits was typed, as the draft is locked. */
  waits = $state('')
  /** The browser keeps nothing on this device. */
  unkept = $state(false)
  #kept = true // all that was typed is on this device
  #sent: Content | undefined // what the server has, in the form in which it was sent
  #there: Content | undefined // the same as the server has it
  #unanswered: Sent | undefined
  #typed = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #keeping: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> = Promise.resolve()
  #place = new Place()
  #left = false
  #person = session.me?.personId ?? ''
  #retry = retrying(() => void this.#again(), longest)

  constructor(readonly id: string) {}

  async load(): Promise<Draft> {
    await leaving
    const draft = await GET('/api/studio/courses/{id}', { path: { id: this.id } })
    this.take(draft, draft.content)
    await this.#bring(draft)
    return draft
  }

  /** Shows what the server answered about the draft; content is what is edited from now on. */
  take(draft: Draft, content?: Content) {
    this.draft = draft
    this.#there = draft.content
    if (!content) return
    this.content = structuredClone(content)
    this.#sent = structuredClone(draft.content)
    this.round++
  }

  /** Says that the content changed; it is saved when the typing rests. */
  touch() {
    this.state = 'changed'
    this.#kept = false
    this.#typed = now().toISOString()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.save(), rest)
    this.#keeping ??= setTimeout(() => void this.store(), soon)
  }

  /** Nothing is lost when the page is closed now. */
  get safe() {
    return this.state === 'saved' || this.#kept
  }

  /** Keeps on this device what the server does not have. */
  async store(): Promise<void> {
    clearTimeout(this.#keeping)
    this.#keeping = undefined
    if (this.state === 'saved' || !this.draft) return
    const typed = this.#typed
    const is = $state.snapshot(this.content) as Content
    const done = await this.#place.put({ person: this.#person, course: this.id, revision: this.draft.revision, there: this.#there!, was: this.#sent!, is, sent: this.#unanswered, at: typed })
    this.unkept = !done
    if (done && typed === this.#typed) this.#kept = true
  }

  /** Puts in what an earlier page kept and could not save, and saves it as that page would have. */
  async #bring(draft: Draft): Promise<void> {
    const kept = this.state === 'saved' && !this.#left ? await this.#place.next(this.#person, this.id) : undefined
    if (!kept) return
    if (same(kept.is, draft.content)) {
      await this.#place.clear()
      return this.#bring(draft)
    }
    if (draft.review || !draft.may.includes('write')) {
      this.waits = kept.at
      return
    }
    this.take({ ...draft, revision: kept.revision, content: kept.there }, kept.is)
    this.#sent = kept.was
    this.#unanswered = kept.sent
    this.#typed = this.brought = kept.at
    this.state = 'changed'
    void this.save()
  }

  /** Saves now and waits for it. */
  save(): Promise<void> {
    clearTimeout(this.#timer)
    this.#saving = this.#saving.then(() => this.#save())
    return this.#saving
  }

  /** There may be a network again. */
  soon = () => this.#retry.soon()

  /** Tries again to save what could not be saved for a reason that passes. */
  async #again() {
    if (this.#left && !this.unkept) return // the next page has it
    if (this.state === 'failed' && this.failure && passing(this.failure)) await this.save()
  }

  async #save() {
    if (!this.content || !this.draft || this.state === 'saved' || this.conflict) return
    this.state = 'saving'
    try {
      if (this.#unanswered) await this.#repeat(this.#unanswered)
      const content = $state.snapshot(this.content) as Content
      if (!same(content, this.#sent)) await this.#send({ edit: crypto.randomUUID(), content })
      await this.#saved()
    } catch (error) {
      await this.#failed(failureOf(error))
    }
  }

  /** Sends under its name what may have arrived before. */
  async #repeat(sent: Sent) {
    try {
      await this.#send(sent)
    } catch (error) {
      // What is refused for good was never saved; what was typed since may do better,
      // but for a conflict.
      const failure = failureOf(error)
      if (!refusedForGood(failure) || failure.problem?.status === 409) throw failure
    }
  }

  async #send(sent: Sent) {
    this.#unanswered = sent
    await this.store() // before it may have arrived
    try {
      const body = { revision: this.draft!.revision, person: this.#person, ...sent }
      this.take(await PUT('/api/studio/courses/{id}', { path: { id: this.id }, body }))
      this.#unanswered = undefined
      this.#sent = sent.content
    } catch (error) {
      if (refusedForGood(failureOf(error))) this.#unanswered = undefined
      throw error
    }
  }

  async #saved() {
    this.failure = undefined
    this.#retry.done()
    if (this.state !== 'saving') return this.store()
    clearTimeout(this.#keeping)
    this.#keeping = undefined
    this.state = 'saved'
    this.#kept = true
    await this.#place.clear()
    await this.#bring(this.draft!)
  }

  async #failed(failure: Failure) {
    this.failure = failure
    this.state = 'failed'
    await this.store()
    if (failure.code === 'courses.changed_meanwhile') await this.#meet()
    else if (passing(failure)) this.#retry.later()
  }

  /** The page is left: it saves what it can, and what it cannot is for the next one. */
  close() {
    this.#left = true
    const end = async () => {
      await this.store()
      await this.save()
      await this.#place.letGo()
    }
    leaving = Promise.all([leaving, end()])
  }

  /** Finds out what another author saved: takes in what does not touch mine, and asks about the rest. */
  async #meet() {
    try {
      const theirs = await GET('/api/studio/courses/{id}', { path: { id: this.id } })
      const { conflicts } = this.#together(theirs)
      if (conflicts.length === 0) return this.settle({}, theirs)
      const body = { content: $state.snapshot(this.content) as Content }
      const { sections } = await POST('/api/studio/courses/{id}/compare', { path: { id: this.id }, body })
      this.conflict = { theirs, parts: conflicts, sections }
    } catch (error) {
      this.failure = failureOf(error)
      if (passing(this.failure)) this.#retry.later()
    }
  }

  #together(theirs: Draft, choices: Record<string, Choice> = {}) {
    return merge({ was: this.#sent!, is: $state.snapshot(this.content) as Content }, { was: this.#there!, is: theirs.content }, choices)
  }

  /** Goes on with what both authors wrote, as chosen, and saves it. */
  settle(choices: Record<string, Choice>, theirs = this.conflict!.theirs) {
    this.take(theirs, this.#together(theirs, choices).content)
    this.conflict = undefined
    this.failure = undefined
    this.joined = theirs.savedBy
    this.touch()
  }

  /** Makes the content of a version the draft. */
  async restore(version: string): Promise<void> {
    const draft = await this.#asSaved((revision) => POST('/api/studio/courses/{id}/restore', { path: { id: this.id }, body: { version, revision } }))
    this.take(draft, draft.content)
  }

  /** Adds the lessons of an uploaded document and tells what was left out. */
  async imported(asset: string): Promise<Schemas['DropView'][]> {
    const { draft, dropped } = await this.#asSaved((revision) => POST('/api/studio/courses/{id}/import', { path: { id: this.id }, body: { asset, revision }, signal: within(180_000) })) // the server takes two minutes for it
    this.take(draft, draft.content)
    return dropped
  }

  /** Hands the draft to the reviewers. */
  async submit(kind: Class | undefined): Promise<void> {
    this.take(await this.#asSaved((revision) => POST('/api/studio/courses/{id}/review', { path: { id: this.id }, body: { revision, ...(kind ? { class: kind } : {}) } })))
  }

  /** Publishes the approved draft, today or on a day to come. */
  async publish(effective: string | undefined): Promise<void> {
    this.take(await this.#asSaved((revision) => POST('/api/studio/courses/{id}/versions', { path: { id: this.id }, body: { revision, effective } })))
  }

  /** Says who keeps the course; what is being typed is not touched. */
  async keep(hands: Schemas['HandsSaved']): Promise<void> {
    const { card, hands: kept, may, files } = await PUT('/api/studio/courses/{id}/hands', { path: { id: this.id }, body: hands })
    if (this.draft) this.draft = { ...this.draft, card: { ...this.draft.card, keeper: card.keeper }, hands: kept, may, files }
  }

  /** Does something with the draft once all that was typed is saved. */
  async #asSaved<T>(what: (revision: number) => Promise<T>): Promise<T> {
    await this.save()
    if (this.failure) throw this.failure
    return what(this.draft!.revision)
  }

  /** Reads again what the server knows of the files. */
  async refresh(): Promise<void> {
    const draft = await GET('/api/studio/courses/{id}', { path: { id: this.id } })
    if (draft.revision === this.draft?.revision) this.draft = draft
  }
}
