import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

type Missing = Schemas['Missing']

const sentences: Record<Missing['code'], (name: string, item: Missing) => string> = {
  title: () => m.missing_title(),
  summary: () => m.missing_summary(),
  knowledge: () => m.missing_knowledge(),
  tiet: () => m.missing_tiet(),
  citation: () => m.missing_citation(),
  module: () => m.missing_module(),
  module_title: () => m.missing_module_title(),
  only_pretests: () => m.missing_only_pretests(),
  lesson: (name) => m.missing_lesson({ name }),
  lesson_title: () => m.missing_lesson_title(),
  lesson_minutes: (name) => m.missing_lesson_minutes({ name }),
  statement: () => m.missing_statement(),
  quiz_empty: (name) => m.missing_quiz_empty({ name }),
  quiz_short: (name) => m.missing_quiz_short({ name }),
  article_empty: (name) => m.missing_article_empty({ name }),
  asset_missing: (name) => m.missing_asset({ name }),
  asset_not_ready: (name) => m.missing_asset_not_ready({ name }),
  asset_failed: (name) => m.missing_asset_failed({ name }),
  asset_kind: (name) => m.missing_asset_kind({ name }),
  captions: (name) => m.missing_captions({ name }),
  picture_alt: (name) => m.missing_picture_alt({ name }),
  question: (name) => m.missing_question({ name }),
  question_time: (name) => m.missing_question_time({ name }),
  official: (name) => m.missing_official({ name }),
  law_ended: (name, { lesson, article }) =>
    !lesson ? m.warning_law_ended({ name }) : article ? m.warning_law_article_ended_in({ lesson, article, name }) : m.warning_law_ended_in({ lesson, name }),
  law_article: (name, { lesson = '', article = '' }) => m.warning_law_article_in({ lesson, article, name }),
}

export const missingSentence = (item: Missing) => sentences[item.code](item.name || m.untitled_lesson(), item)

export function warningSentence(item: Missing, draft: Schemas['Draft']): string {
  const { declared, minutes: material, typed } = draft.measures
  if (item.code === 'tiet') return m.warning_tiet({ tiet: draft.content.tiet, declared, material, typed })
  return item.code === 'citation' ? m.warning_citation({ name: item.name ?? '' }) : missingSentence(item)
}

/** What a version after the first means, in words. */
export const classes = { correction: m.class_correction, addition: m.class_addition, replacement: m.class_replacement }
