import type { Failure, Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { day, today } from '$lib/words'

type Law = Schemas['Law']
type Article = Schemas['LawArticle']
export type Change = Schemas['ArticleChange']
export type LawForm = Schemas['LawInput'] & { articles: string; changes: Change[] }

/** The class of a state's tag. */
export const lawTag: Record<Law['state'], string> = { coming: 'due', in_force: 'good', ended: 'bad' }

/** From when to when, in words; of an article, as far as its days are its own. */
export const stretch = (law: { from?: string; until?: string }) =>
  [law.from && m.law_since({ day: day(law.from) }), law.until && m.law_to({ day: day(law.until) })].filter(Boolean).join(' ')

/** What took its place, in words; empty where nobody knows. */
export const by = ({ article, replacedBy }: Schemas['EndedLaw']) =>
  replacedBy ? (article ? m.ended_article_by : m.ended_law_by)({ number: replacedBy }) : ''

/** An article's line: its label and title. */
export const lineOf = ({ label, title }: Article) => (title ? `${label}. ${title}` : label)

export const freshLaw = (): LawForm => ({ number: '', kind: 'nghi_dinh', abstract: '', issuer: '', from: today(), articles: '', changes: [] })

const changed = (a: Article) => a.from ?? a.until ?? a.changedBy

/** What the form holds of an entry. */
export const inputOf = ({ number, kind, abstract, issuer, from, until, replacedBy, articles = [] }: Law): LawForm => ({
  number, kind, abstract, issuer, from, until, replacedBy,
  articles: articles.map(lineOf).join('\n'),
  changes: articles.filter(changed).map((a) => ({ label: a.label, from: a.from, until: a.until, changedBy: a.changedBy })),
})

/** What is sent: what was left empty is not. */
export const sent = (law: LawForm): LawForm => ({
  ...law, until: law.until || undefined, replacedBy: law.replacedBy || undefined,
  changes: law.changes.filter((c) => c.label.trim()).map((c) => ({ label: c.label, from: c.from || undefined, until: c.until || undefined, changedBy: c.changedBy || undefined })),
})

const faults: Record<string, () => string> = {
  not_an_article: m.law_article_none,
  twice: m.law_article_twice,
  too_long: m.law_article_too_long,
  too_many: m.law_article_too_many,
  unlisted: m.law_article_unlisted,
  date: m.law_article_date,
  dates: m.law_article_dates,
  no_date: m.law_article_no_date,
}

/** Where a list of articles is at fault and how; undefined for other failures. */
export function fault(failure: Failure | undefined): string | undefined {
  const field = failure?.problem?.fields?.[0]
  const why = field && faults[field.code]
  if (failure?.code !== 'laws.bad_articles' || !why) return undefined
  const line = /^line:(\d+)$/.exec(field.path)?.[1]
  return line ? m.law_article_line({ n: line, why: why() }) : m.law_article_named({ name: field.path, why: why() })
}

/** Courses by the article that they cite: the whole document first, then in its order. */
export function byArticle<C extends { articles: string[] }>(items: C[], listed: Article[] = []) {
  const cited = [...new Set(items.flatMap((c) => c.articles))]
  const rank = (label: string) => (label === '' ? -1 : (listed.findIndex((a) => a.label === label) + 1 || listed.length + 1))
  const order = cited.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'vi', { numeric: true }))
  return order.map((label) => ({ label, article: listed.find((a) => a.label === label), items: items.filter((c) => c.articles.includes(label)) }))
}
