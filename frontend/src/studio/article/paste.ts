import type { Slice } from '@tiptap/pm/model'
import type { EditorProps, EditorView } from '@tiptap/pm/view'

/** What a lesson and a course may have, for the server refuses more; and elements, that the editor does not work for minutes. */
const most = { blocks: 2000, letters: 1_000_000, elements: 20_000 }

/**
 * How the editor takes what is pasted or dropped. What there is no room for is not taken
 * and changes nothing. Told is called each time, with whether it was taken.
 */
export function taking(told: (taken: boolean) => void): EditorProps {
  let long = false // found before the editor looks at it
  const refuse = ({ state: { doc } }: EditorView, { content }: Slice) => {
    const taken = !long && doc.childCount + content.childCount <= most.blocks && doc.content.size + content.size <= most.letters
    long = false
    told(taken)
    return !taken
  }
  const unless = (found: boolean, text: () => string) => ((long = found) ? '' : text())
  return {
    transformPastedHTML: (html) => {
      const page = parsed(html)
      return unless(tooLong(page.body), () => arranged(page))
    },
    transformPastedText: (text) => unless(text.length > most.letters || text.split('\n').length > most.blocks, () => text),
    handlePaste: (view, _, slice) => refuse(view, slice),
    handleDrop: (view, _, slice, moved) => !moved && refuse(view, slice),
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
export const tidy = (html: string): string => arranged(parsed(html))

function parsed(html: string): Document {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const e of page.querySelectorAll('script, style, meta, link, title, xml, object, iframe, noscript, template, img, picture, svg, video, audio')) e.remove()
  return page
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
