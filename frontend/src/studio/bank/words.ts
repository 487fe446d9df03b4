import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { cut } from '$player/text'

export type Item = Schemas['BankItem']
export type Type = Item['type']
export type Difficulty = Item['difficulty']
export type Feedback = NonNullable<Schemas['Paper']['feedback']>

export const types: Record<Type, () => string> = {
  single: m.item_type_single,
  multiple: m.item_type_multiple,
  true_false: m.item_type_true_false,
  short: m.item_type_short,
  number: m.item_type_number,
  matching: m.item_type_matching,
  ordering: m.item_type_ordering,
  gaps: m.item_type_gaps,
  essay: m.item_type_essay,
  hotspot: m.item_type_hotspot,
  scenario: m.item_type_scenario,
}

/** What each type asks of a learner. */
export const abouts: Record<Type, () => string> = {
  single: m.item_about_single,
  multiple: m.item_about_multiple,
  true_false: m.item_about_true_false,
  short: m.item_about_short,
  number: m.item_about_number,
  matching: m.item_about_matching,
  ordering: m.item_about_ordering,
  gaps: m.item_about_gaps,
  essay: m.item_about_essay,
  hotspot: m.item_about_hotspot,
  scenario: m.item_about_scenario,
}

export const difficulties: Record<Difficulty, () => string> = { easy: m.bank_easy, medium: m.bank_medium, hard: m.bank_hard }

export const feedbacks: Record<Feedback, () => string> = { right: m.paper_feedback_right, marks: m.paper_feedback_marks, score: m.paper_feedback_score }

/** The name of the i-th option, from 0: A, B, C … */
export const letter = (i: number) => String.fromCharCode(65 + i)

/** A question's text for a list: gaps as dots in brackets, and not too long. */
export const opening = (text: string, most = 240): string => cut(text.replace(/\[\[\d\]\]/g, '[\u2026]').replace(/\s+/g, ' '), most)
