import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { Schemas } from '$lib/api/client'

type Block = Schemas['Block']
type Lesson = Schemas['Lesson']

/** A line of text as it stands on a page. */
export interface Line {
  text: string
  page: number // from 0
  size: number // points
  x: number
  right: number
  gap: number // from the line before on the page, in its own heights; Infinity at the top
}

/** Where a chapter begins. */
export interface Chapter {
  title: string
  page: number
}

/** How divisions (Phan, Chuong, roman numbers) and articles (Muc, Dieu) begin in official texts, in Vietnamese letters. */
const division = /^(Ph\u1ea7n|Ch\u01b0\u01a1ng|PH\u1ea6N|CH\u01af\u01a0NG)\s+[\dIVXLC]+|^[IVXLC]+\.\s/
const clause = /^(M\u1ee5c|M\u1ee4C|\u0110i\u1ec1u)\s+[\dIVXLC]+\.\s.*[^.;:]$/
const pageNumber = /^[-–\s]*\d{1,4}[-–\s]*$/
const item = /^[-–•+]\s+/

const pagesPerLesson = 5
const syllablesPerMinute = 220

/** Reads the lines of a document, page by page. */
export async function linesOf(document: PDFDocumentProxy): Promise<Line[]> {
  const lines: Line[] = []
  for (let page = 0; page < document.numPages; page++) {
    const content = await (await document.getPage(page + 1)).getTextContent()
    let open: Line | undefined
    let y = Infinity
    for (const part of content.items) {
      if (!('str' in part) || (part.str === '' && !part.hasEOL)) continue
      const [, , , , x = 0, at = 0] = part.transform as number[]
      if (part.str.trim() !== '') {
        if (!open || Math.abs(at - y) > part.height / 2) {
          open = { text: '', page, size: Math.round(part.height), x, right: x, gap: y === Infinity ? Infinity : (y - at) / (part.height || 1) }
          lines.push(open)
          y = at
        }
        open.right = x + part.width
      }
      if (open) open.text += part.str
    }
  }
  return lines.map((l) => ({ ...l, text: l.text.replace(/\s+/g, ' ').trim().normalize('NFC') })).filter((l) => l.text !== '' && !pageNumber.test(l.text))
}

/** Reads the chapters that a document names itself. */
export async function chaptersOf(document: PDFDocumentProxy): Promise<Chapter[]> {
  const chapters: Chapter[] = []
  for (const entry of (await document.getOutline()) ?? []) {
    const place = typeof entry.dest === 'string' ? await document.getDestination(entry.dest) : entry.dest
    const page = place?.[0]
    if (page) chapters.push({ title: entry.title.trim().normalize('NFC'), page: typeof page === 'number' ? page : await document.getPageIndex(page) })
  }
  return chapters
}

/** The commonest of the sizes is that of the running text. */
function bodySize(lines: Line[]): number {
  const count = new Map<number, number>()
  for (const l of lines) count.set(l.size, (count.get(l.size) ?? 0) + l.text.length)
  return [...count.entries()].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 12
}

/** Makes paragraphs, headings and lists of lines. */
export function blocksOf(lines: Line[]): Block[] {
  const body = bodySize(lines)
  const edge = Math.max(...lines.map((l) => l.right), 1)
  const blocks: Block[] = []
  let before: Line | undefined
  for (const line of lines) {
    const level = line.size > body * 1.15 || division.test(line.text) ? 2 : clause.test(line.text) ? 3 : 0
    const last = blocks.at(-1)
    const close = line.page === before?.page ? line.gap < 1.9 : before && !/[.:;!?]$/.test(before.text)
    const goesOn = before && close && !level && !item.test(line.text) && before.right > edge * 0.85
    if (goesOn && last?.type === 'paragraph') last.text![0]!.text += ` ${line.text}`
    else if (goesOn && last?.type === 'bullets') last.items!.at(-1)!.at(-1)!.text += ` ${line.text}`
    else if (level) blocks.push(made({ type: 'heading', level, text: [{ text: line.text }] }))
    else if (item.test(line.text) && last?.type === 'bullets') last.items!.push([{ text: line.text.replace(item, '') }])
    else if (item.test(line.text)) blocks.push(made({ type: 'bullets', items: [[{ text: line.text.replace(item, '') }]] }))
    else blocks.push(made({ type: 'paragraph', text: [{ text: line.text }] }))
    before = line
  }
  return blocks
}

const made = (block: Block): Block => ({ id: crypto.randomUUID(), ...block })

const letters = (text: string) => text.replace(/[^\p{L}\d]/gu, '').toLowerCase()

/** Cuts a document into lessons: by its own chapters, by its divisions, or every five pages. */
export function lessonsOf(lines: Line[], chapters: Chapter[], name: string): Lesson[] {
  const starts: { at: number; title: string }[] = []
  for (const chapter of chapters) {
    const from = starts.at(-1)?.at ?? -1
    const at = lines.findIndex((l, i) => i > from && l.page >= chapter.page && letters(chapter.title).startsWith(letters(l.text)))
    const page = lines.findIndex((l, i) => i > from && l.page >= chapter.page)
    if (at >= 0 || page >= 0) starts.push({ at: at >= 0 ? at : page, title: chapter.title })
  }
  if (starts.length === 0) lines.forEach((l, at) => { if (division.test(l.text)) starts.push({ at, title: titled(l.text, lines[at + 1]?.text) }) })
  if (starts.length === 0) {
    lines.forEach((l, at) => {
      if (l.page % pagesPerLesson === 0 && lines[at - 1]?.page !== l.page) starts.push({ at, title: l.page === 0 ? name : `${name} (${l.page + 1}–)` })
    })
  }
  if (starts[0] && starts[0].at > 0) starts.unshift({ at: 0, title: name })
  return starts.map((start, i) => lesson(start.title, lines.slice(start.at, starts[i + 1]?.at))).filter((l) => l.blocks!.length > 0)
}

/** A division that has only a number is named by the line in capitals that follows it. */
const titled = (text: string, next = '') => (text.length < 14 && next === next.toUpperCase() && /\p{L}/u.test(next) ? `${text}. ${next.charAt(0)}${next.slice(1).toLowerCase()}` : text)

function lesson(title: string, lines: Line[]): Lesson {
  let own = 0 // lines that only say the title again
  while (own < lines.length - 1 && own < 2 && letters(title).includes(letters(lines[own]!.text))) own++
  const blocks = blocksOf(lines.slice(own))
  const syllables = lines.reduce((n, l) => n + l.text.split(' ').length, 0)
  return { id: crypto.randomUUID(), kind: 'article', title: title.slice(0, 300), minutes: Math.max(1, Math.ceil(syllables / syllablesPerMinute)), blocks }
}
