import { GET, POST, PUT } from '$lib/api/client'
import { listed } from '$lib/ask.svelte'
import type { Note } from './steps'

/** The comments on a draft and the history of its review. */
export class Notes {
  readonly ask
  constructor(private readonly id: string) {
    this.ask = listed((after) => GET('/api/studio/courses/{id}/notes', { path: { id }, query: { after, limit: 100 } }))
    void this.ask.run()
  }
  get all(): Note[] {
    return this.ask.value?.items ?? []
  }
  /** The comments on a block, on a lesson, or with neither on the course, oldest first. */
  on = (lesson?: string, block?: string): Note[] => this.all.filter((n) => n.kind === 'comment' && n.lesson === lesson && n.block === block).reverse()

  /** Adds a comment and shows it. */
  async say(text: string, lesson?: string, block?: string): Promise<void> {
    const note = await POST('/api/studio/courses/{id}/notes', { path: { id: this.id }, body: { text, lesson, block: block || undefined } })
    if (this.ask.value) this.ask.value = { ...this.ask.value, items: [note, ...this.all] }
  }
  /** Marks a comment as dealt with, or as open again. */
  async settle(note: Note, done: boolean): Promise<void> {
    await PUT('/api/studio/courses/{id}/notes/{note}', { path: { id: this.id, note: note.id }, body: { done } })
    if (this.ask.value) this.ask.value = { ...this.ask.value, items: this.all.map((n) => (n.id === note.id ? { ...n, done } : n)) }
  }
}
