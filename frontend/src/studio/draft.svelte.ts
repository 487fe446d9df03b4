import { failureOf, GET, POST, PUT, type Failure, type Schemas } from '$lib/api/client'
import { merge, type Choice } from './merge'

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

/** A draft under the author's hands: it saves itself a moment after a change. */
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
  #sent: Content | undefined // what the server has, in the form in which it was sent
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(readonly id: string) {}

  async load(): Promise<Draft> {
    const draft = await GET('/api/studio/courses/{id}', { path: { id: this.id } })
    this.take(draft, draft.content)
    return draft
  }

  /** Shows what the server answered about the draft; content is what is edited from now on. */
  take(draft: Draft, content?: Content) {
    this.draft = draft
    if (!content) return
    this.content = structuredClone(content)
    this.#sent = structuredClone(draft.content)
    this.round++
  }

  /** Says that the content changed; it is saved when the typing rests. */
  touch() {
    this.state = 'changed'
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.save(), 1200)
  }

  /** Saves now and waits for it. */
  save(): Promise<void> {
    clearTimeout(this.#timer)
    this.#saving = this.#saving.then(() => this.#save())
    return this.#saving
  }

  async #save() {
    if (!this.content || !this.draft || this.state === 'saved' || this.conflict) return
    this.state = 'saving'
    const sent = $state.snapshot(this.content) as Content
    try {
      const body = { revision: this.draft.revision, content: sent }
      this.take(await PUT('/api/studio/courses/{id}', { path: { id: this.id }, body }))
      this.#sent = sent
      this.failure = undefined
      if (this.state === 'saving') this.state = 'saved'
    } catch (error) {
      this.failure = failureOf(error)
      this.state = 'failed'
      if (this.failure.code === 'courses.changed_meanwhile') await this.#meet()
    }
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
    }
  }

  #together(theirs: Draft, choices: Record<string, Choice> = {}) {
    return merge({ was: this.#sent!, is: $state.snapshot(this.content) as Content }, { was: this.draft!.content, is: theirs.content }, choices)
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
    const { draft, dropped } = await this.#asSaved((revision) => POST('/api/studio/courses/{id}/import', { path: { id: this.id }, body: { asset, revision } }))
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
