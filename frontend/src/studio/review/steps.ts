import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

export type Review = Schemas['ReviewView']
export type Note = Schemas['NoteView']

export const steps: Record<Review['step'], () => string> = { content: m.step_content, legal: m.step_legal, pilot: m.step_pilot, ready: m.step_ready }

/** The steps that a review of its class goes through. */
export const wayOf = (review: Review): Review['step'][] => (review.class === 'correction' ? ['content', 'ready'] : ['content', 'legal', 'pilot', 'ready'])

/** What a note of the history says, without its text, of the step or the person that it names. */
export const deeds: Record<Exclude<Note['kind'], 'comment'>, (named: string) => string> = {
  submitted: () => m.note_submitted(),
  taken: (step) => m.note_taken({ step }),
  passed: (step) => m.note_passed({ step }),
  sent_back: (step) => m.note_sent_back({ step }),
  withdrawn: () => m.note_withdrawn(),
  scheduled: () => m.note_scheduled(),
  published: () => m.note_published(),
  handed: (to) => m.note_handed({ name: to }),
  shared: () => m.note_shared(),
}
