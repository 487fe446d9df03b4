import type { Slice } from '@tiptap/pm/model'
import { Selection } from '@tiptap/pm/state'
import type { EditorProps, EditorView } from '@tiptap/pm/view'

/** What a lesson and a course may have, for the server refuses more; and elements, that the editor does not work for minutes. */
const most = { blocks: 2000, letters: 1_000_000, elements: 20_000 }

/** What became of something that was pasted or dropped. */
export interface Pasted {
  /** There was room for it. */
  taken: boolean
  /** How many pictures stood in the text; they did not come with it. */
  pictures: number
  /** The picture that it was, and nothing else. */
  picture?: File
}

/**
 * How the editor takes what is pasted or dropped. What there is no room for is not taken
 * and changes nothing, nor does a picture by itself. Told is called each time.
 */
export function taking(told: (what: Pasted) => void): EditorProps {
  let long = false // found before the editor looks at it
  let pictures = 0
  /** Says that the editor has nothing more to do. */
  const done = ({ state: { doc } }: EditorView, { content }: Slice, from: DataTransfer | null) => {
    const picture = content.size === 0 ? [...(from?.files ?? [])].find((file) => file.type.startsWith('image/')) : undefined
    const taken = !long && doc.childCount + content.childCount <= most.blocks && doc.content.size + content.size <= most.letters
    told(picture ? { taken, pictures: 0, picture } : { taken, pictures })
    long = false
    pictures = 0
    return !taken || picture !== undefined
  }
  const unless = (found: boolean, text: () => string) => ((long = found) ? '' : text())
  return {
    transformPastedHTML: (html) => {
      const { page, images } = parsed(html)
      pictures = images
      return unless(tooLong(page.body), () => arranged(page))
    },
    transformPastedText: (text) => unless(text.length > most.letters || text.split('\n').length > most.blocks, () => text),
    handlePaste: (view, { clipboardData }, slice) => done(view, slice, clipboardData),
    handleDrop: (view, drop, slice, moved) => {
      if (moved) return false
      const at = view.posAtCoords({ left: drop.clientX, top: drop.clientY })
      if (at) view.dispatch(view.state.tr.setSelection(Selection.near(view.state.doc.resolve(at.pos))))
      return done(view, slice, drop.dataTransfer)
    },
  }
}

const tooLong = (body: Element) => body.querySelectorAll('*').length > most.elements || (body.textContent ?? '').length > most.letters || blocks(body) > most.blocks

/** About how many blocks an article would have of it. */
function blocks(e: Element): number {
  let n = 0
  for (const child of e.children) n += child.matches('p, h1, h2, h3, h4, h5, h6, pre, ul, ol, table') ? 1 : blocks(child)
  return n || (e.textContent?.trim() ? 1 : 0)
}

/** A Word list item names its list and level in a style of Word's own. */
const wordList = /mso-list:\s*l\d+\s+level(\d+)/i
const numbered = /^\s*\(?([0-9]+|[a-z\u0111]|[ivx]+)[.)]/i

/**
 * What is pasted from Word, LibreOffice or a page, made ready for the editor:
 * headings within the levels that an article has, Word's lists as lists, cells
 * without lists. The editor drops all that it does not know.
 */
export const tidy = (html: string): string => arranged(parsed(html).page)

/** The page without what has no words, and how many images it had. */
function parsed(html: string): { page: Document; images: number } {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const images = page.querySelectorAll('img').length
  for (const e of page.querySelectorAll('script, style, meta, link, title, xml, object, iframe, noscript, template, img, picture, svg, video, audio')) e.remove()
  return { page, images }
}

function arranged(page: Document): string {
  lists(page)
  headings(page)
  for (const cell of page.querySelectorAll('td, th')) flatten(cell)
  for (const e of page.querySelectorAll('blockquote')) unpack(e)
  return page.body.innerHTML
}

/** An article's headings are of level 2 to 4: under a title they move down by one. */
function headings(page: Document) {
  const down = page.querySelector('h1') ? 1 : 0
  for (const e of page.querySelectorAll('h1, h2, h3, h4, h5, h6')) rename(e, `h${Math.min(4, Number(e.localName.slice(1)) + down)}`)
}

function rename(e: Element, to: string): Element {
  const other = e.ownerDocument.createElement(to)
  other.append(...e.childNodes)
  e.replaceWith(other)
  return other
}

/** Makes lists of Word's paragraphs that look like items. */
function lists(page: Document) {
  let list: Element | undefined
  let last: Element | null = null
  for (const p of page.querySelectorAll<HTMLElement>('p[style*="mso-list"]')) {
    if (!wordList.test(p.getAttribute('style') ?? '')) continue
    const sign = [...p.querySelectorAll<HTMLElement>('span')].find((s) => /mso-list:\s*ignore/i.test(s.getAttribute('style') ?? ''))
    const tag = numbered.test(sign?.textContent ?? '') ? 'ol' : 'ul'
    sign?.remove()
    if (!list || p.previousElementSibling !== last || list.localName !== tag) {
      list = page.createElement(tag)
      p.before(list)
    }
    list.append(rename(p, 'li'))
    last = list
  }
}

/** A cell holds paragraphs only: its items become paragraphs, its headings too. */
function flatten(cell: Element) {
  for (const e of cell.querySelectorAll('li, h1, h2, h3, h4')) {
    const p = rename(e, 'p')
    if (e.localName === 'li') p.prepend('– ')
  }
  for (const e of cell.querySelectorAll('ul, ol, table, thead, tbody, tr')) if (e.isConnected) e.replaceWith(...e.childNodes)
}

/** A quote holds one paragraph: several become several quotes. */
function unpack(quote: Element) {
  const paragraphs = [...quote.querySelectorAll('p')]
  if (paragraphs.length < 2) return
  for (const p of paragraphs) {
    const own = quote.ownerDocument.createElement('blockquote')
    own.append(p.cloneNode(true))
    quote.before(own)
  }
  quote.remove()
}
