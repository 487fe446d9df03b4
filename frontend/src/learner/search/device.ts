import type { Schemas } from '$lib/api/client'
import { asked, excerpt, mark, says, type Passage } from '$lib/find'
import { cacheName } from '$lib/offline/kept'
import { packs, textsOf, type Pack } from '$lib/offline/packs'
import type { Sort } from './sorts'

type Hit = Schemas['SearchHit']
type Lesson = Schemas['LessonView']
type Block = Schemas['Block']

const words = (runs: Schemas['Inline'][] | null | undefined) => (runs ?? []).map((run) => run.text).join('')

const said = (b: Block): string =>
  [words(b.text), ...(b.items ?? []).map(words), ...(b.rows ?? []).flatMap((row) => (row ?? []).map((cell) => words(cell.text))), b.alt, b.note].filter(Boolean).join(' ')

const kept = async (url: string) => (await (await caches.match(url, { cacheName }))?.text()) ?? ''

/** What is said in a recording, each with its moment. */
function cues(vtt: string): Passage[] {
  return vtt.split(/\n\n+/).flatMap((cue) => {
    const [, h, min, s, text] = /(?:(\d+):)?(\d\d):(\d\d)[.,]\d+ -->[^\n]*\n([\s\S]+)/.exec(cue) ?? []
    return text ? [{ at: (Number(h ?? 0) * 3600 + Number(min) * 60 + Number(s)) * 1000, text: text.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ').trim() }] : []
  })
}

/** What a lesson says, as far as it is on this device. */
async function passages({ lesson, asset }: Lesson): Promise<Passage[]> {
  if (asset?.captionsUrl) return cues(await kept(asset.captionsUrl))
  if (!asset?.pagesUrl) return (lesson.blocks ?? []).map((b, at) => ({ at, text: said(b) })).filter((p) => p.text)
  const pages = await Promise.all(Array.from({ length: asset.pages ?? 0 }, (_, i) => kept(`${asset.pagesUrl}${i + 1}.txt`)))
  return pages.map((text, i) => ({ at: i + 1, text: text.replace(/\s+/g, ' ').trim() })).filter((p) => p.text)
}

function courseHit(query: string[], { view }: Pack): Hit[] {
  const { card } = view
  const lines = [card.summary, card.code, ...view.modules.map((x) => x.title), ...view.citations.map((c) => c.number), ...view.positions]
  if (!says(query, [card.title, ...lines].join(' '))) return []
  return [{ title: mark(query, card.title), excerpt: excerpt(query, lines.map((text) => ({ at: 0, text }))).pieces, course: card.id, of: card.ownerName }]
}

function lessonHit(query: string[], pack: Pack, view: Lesson, told: Passage[]): Hit[] {
  const { lesson } = view
  if (!says(query, [lesson.title, ...told.map((p) => p.text)].join(' '))) return []
  const { pieces, at } = excerpt(query, told)
  const place = lesson.kind === 'document' ? { page: at } : lesson.kind === 'video' || lesson.kind === 'audio' ? { atMs: at } : {}
  return [{ title: mark(query, lesson.title), excerpt: pieces, course: pack.course, of: pack.view.card.title, lesson: lesson.id, kind: lesson.kind, ...place }]
}

function fileHits(query: string[], pack: Pack, { lesson, assets }: Lesson): Hit[] {
  return (lesson.blocks ?? []).filter((b) => b.type === 'file').flatMap((b) => {
    const name = assets.find((a) => a.id === b.asset)?.name ?? ''
    const title = words(b.text) || name
    if (!says(query, `${title} ${name}`)) return []
    return [{ title: mark(query, title), excerpt: mark(query, name), course: pack.course, of: pack.view.card.title, lesson: lesson.id, kind: 'file' }]
  })
}

function lawHits(query: string[], all: Pack[]): Hit[] {
  const laws = new Map(all.flatMap((p) => p.view.citations).map((c) => [c.number, c]))
  return [...laws.values()].filter((c) => says(query, `${c.number} ${c.abstract ?? ''}`)).map((c) => ({
    title: mark(query, c.number), excerpt: mark(query, c.abstract ?? ''), ...(c.ended ? { state: 'ended' as const, until: c.ended } : {}),
    citing: all.filter((p) => p.view.citations.some((x) => x.number === c.number)).length,
  }))
}

/** What words find in what the person keeps on this device. */
export async function here(typed: string, only?: Sort['code']): Promise<Schemas['SearchGroup'][]> {
  const query = asked(typed)
  const found: Record<Sort['code'], Hit[]> = { course: [], lesson: [], law: [], file: [] }
  const all = await packs()
  for (const pack of all) {
    found.course.push(...courseHit(query, pack))
    for (const view of await textsOf(pack)) {
      found.lesson.push(...lessonHit(query, pack, view, await passages(view)))
      found.file.push(...fileHits(query, pack, view))
    }
  }
  found.law = lawHits(query, all)
  return (['course', 'lesson', 'law', 'file'] as const).filter((s) => !only || s === only).map((sort) => ({ sort, total: found[sort].length, hits: found[sort] }))
}
