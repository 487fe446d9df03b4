import type { JSONContent } from '@tiptap/core'
import type { Schemas } from '$lib/api/client'

export type Block = Schemas['Block']
export type Inline = Schemas['Inline']
type Mark = Schemas['Mark']
type Cell = Schemas['Cell']

/** Blocks that a form edits; the editor keeps each whole in one node. */
export const pieces: readonly Block['type'][] = ['picture', 'file', 'official', 'question']

/** The editor's document of an article's blocks. */
export function toDocument(blocks: Block[]): JSONContent {
  return { type: 'doc', content: blocks.length > 0 ? blocks.map(toNode) : [{ type: 'paragraph' }] }
}

function toNode(b: Block): JSONContent {
  const attrs = { id: b.id ?? null }
  switch (b.type) {
    case 'heading':
      return { type: 'heading', attrs: { ...attrs, level: b.level ?? 2 }, content: texts(b.text) }
    case 'quote':
      return { type: 'blockquote', attrs, content: [{ type: 'paragraph', content: texts(b.text) }] }
    case 'callout':
      return { type: 'callout', attrs: { ...attrs, style: b.style ?? 'note' }, content: texts(b.text) }
    case 'bullets':
    case 'numbers':
      return { type: b.type === 'bullets' ? 'bulletList' : 'orderedList', attrs, content: (b.items ?? []).map((item) => ({ type: 'listItem', content: [{ type: 'paragraph', content: texts(item ?? []) }] })) }
    case 'table':
      return { type: 'table', attrs, content: (b.rows ?? []).map((row) => ({ type: 'tableRow', content: (row ?? []).map(toCell) })) }
    case 'paragraph':
      return { type: 'paragraph', attrs, content: texts(b.text) }
    default:
      return { type: 'piece', attrs: { ...attrs, block: b } }
  }
}

const toCell = (c: Cell): JSONContent => ({
  type: c.head ? 'tableHeader' : 'tableCell',
  attrs: { colspan: c.columns || 1, rowspan: c.rows || 1 },
  content: [{ type: 'paragraph', content: texts(c.text) }],
})

const texts = (runs: Inline[] | undefined): JSONContent[] =>
  (runs ?? [])
    .filter((r) => r.text !== '')
    .map((r) => ({
      type: 'text',
      text: r.text,
      marks: (r.marks ?? []).map(({ type, ...attrs }) => (type === 'link' || type === 'cite' ? { type, attrs } : { type })),
    }))

/** The article's blocks of the editor's document; empty paragraphs are left out. */
export function toBlocks(document: JSONContent): Block[] {
  return (document.content ?? []).flatMap((node): Block[] => {
    const id = node.attrs?.id ? { id: String(node.attrs.id) } : {}
    switch (node.type) {
      case 'heading':
        return full({ ...id, type: 'heading', level: Math.min(4, Math.max(2, Number(node.attrs?.level ?? 2))), text: runs(node) })
      case 'blockquote':
        return (node.content ?? []).flatMap((p) => full({ ...id, type: 'quote', text: runs(p) }))
      case 'callout':
        return full({ ...id, type: 'callout', style: node.attrs?.style ?? 'note', text: runs(node) })
      case 'bulletList':
      case 'orderedList':
        return [{ ...id, type: node.type === 'bulletList' ? 'bullets' : 'numbers', items: items(node) }]
      case 'table':
        return [{ ...id, type: 'table', rows: (node.content ?? []).map((row) => (row.content ?? []).map(fromCell)) }]
      case 'piece':
        return [{ ...node.attrs!.block, ...id }]
      default:
        return full({ ...id, type: 'paragraph', text: runs(node) })
    }
  })
}

const full = (b: Block): Block[] => ((b.text?.length ?? 0) > 0 ? [b] : [])

/** A list's items, each followed by those of the lists within it. */
function items(list: JSONContent): Inline[][] {
  return (list.content ?? []).flatMap((item) => {
    const own = (item.content ?? []).filter((n) => n.type === 'paragraph')
    const within = (item.content ?? []).filter((n) => n.type === 'bulletList' || n.type === 'orderedList')
    return [joined(own), ...within.flatMap(items)]
  })
}

function fromCell(node: JSONContent): Cell {
  const { colspan = 1, rowspan = 1 } = node.attrs ?? {}
  return {
    text: joined(node.content ?? []),
    ...(node.type === 'tableHeader' ? { head: true } : {}),
    ...(colspan > 1 ? { columns: colspan } : {}),
    ...(rowspan > 1 ? { rows: rowspan } : {}),
  }
}

/** The runs of several paragraphs as one text. */
const joined = (paragraphs: JSONContent[]): Inline[] =>
  paragraphs.map(runs).filter((r) => r.length > 0).flatMap((r, i) => (i === 0 ? r : [{ text: ' ' }, ...r]))

function runs(node: JSONContent): Inline[] {
  return (node.content ?? []).flatMap((n): Inline[] => {
    if (n.type === 'hardBreak') return [{ text: ' ' }]
    if (n.type !== 'text' || !n.text) return []
    const marks = (n.marks ?? []).flatMap((mark): Mark[] => {
      if (mark.type === 'bold' || mark.type === 'italic') return [{ type: mark.type }]
      if (mark.type === 'link') return [{ type: 'link', href: String(mark.attrs?.href ?? '') }]
      if (mark.type !== 'cite') return []
      return [{ type: 'cite', number: String(mark.attrs?.number ?? ''), ...(mark.attrs?.article ? { article: String(mark.attrs.article) } : {}) }]
    })
    return [marks.length > 0 ? { text: n.text, marks } : { text: n.text }]
  })
}
