/** A Word list item names its list and level in a style of Word's own. */
const wordList = /mso-list:\s*l\d+\s+level(\d+)/i
const numbered = /^\s*\(?([0-9]+|[a-z\u0111]|[ivx]+)[.)]/i

/**
 * What is pasted from Word, LibreOffice or a page, made ready for the editor:
 * headings within the levels that an article has, Word's lists as lists, cells
 * without lists. The editor drops all that it does not know.
 */
export function tidy(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  for (const e of page.querySelectorAll('script, style, meta, link, title, xml, object, iframe, noscript, template')) e.remove()
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
