import { failureOf, GET, POST, PUT, type Failure, type Schemas } from '$lib/api/client'

export type Content = Schemas['CourseContent']
export type Lesson = Schemas['Lesson']
export type Module = Schemas['Module']
type Draft = Schemas['Draft']

/** A draft under the author's hands: it saves itself a moment after a change. */
export class DraftState {
  draft = $state<Draft>()
  content = $state<Content>()
  state = $state<'saved' | 'changed' | 'saving' | 'failed'>('saved')
  failure = $state<Failure>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(readonly id: string) {}

  async load(): Promise<Draft> {
    const draft = await GET('/api/studio/courses/{id}', { path: { id: this.id } })
    this.#take(draft, true)
    return draft
  }

  /** Shows what the server answered about the draft. */
  take(draft: Draft) {
    this.#take(draft, false)
  }

  #take(draft: Draft, whole: boolean) {
    this.draft = draft
    if (whole) this.content = structuredClone(draft.content)
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
    if (!this.content || !this.draft || this.state === 'saved') return
    this.state = 'saving'
    const sent = $state.snapshot(this.content) as Content
    try {
      const body = { revision: this.draft.revision, content: sent }
      this.#take(await PUT('/api/studio/courses/{id}', { path: { id: this.id }, body }), false)
      this.failure = undefined
      if (this.state === 'saving') this.state = 'saved'
    } catch (error) {
      this.failure = failureOf(error)
      this.state = 'failed'
    }
  }

  /** Makes the content of a version the draft. */
  async restore(version: string): Promise<void> {
    await this.save()
    if (this.failure) throw this.failure
    const body = { version, revision: this.draft!.revision }
    this.#take(await POST('/api/studio/courses/{id}/restore', { path: { id: this.id }, body }), true)
  }

  /** Hands the draft to the reviewers. */
  async submit(kind: 'correction' | 'addition' | 'replacement' | undefined): Promise<void> {
    await this.save()
    if (this.failure) throw this.failure
    const body = { revision: this.draft!.revision, ...(kind ? { class: kind } : {}) }
    this.#take(await POST('/api/studio/courses/{id}/review', { path: { id: this.id }, body }), false)
  }

  /** Publishes the approved draft, today or on a day to come. */
  async publish(effective: string | undefined): Promise<void> {
    const body = { revision: this.draft!.revision, effective }
    this.#take(await POST('/api/studio/courses/{id}/versions', { path: { id: this.id }, body }), false)
  }

  /** Reads again what the server knows of the files. */
  async refresh(): Promise<void> {
    const draft = await GET('/api/studio/courses/{id}', { path: { id: this.id } })
    if (draft.revision === this.draft?.revision) this.draft = draft
  }
}
