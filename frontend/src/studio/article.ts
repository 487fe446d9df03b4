import type { JSONContent } from '@tiptap/core'
import type { Schemas } from '$lib/api/client'

type Block = Schemas['Block']
type Inline = Schemas['Inline']
type Mark = Schemas['Mark']

/** The editor's document of an article's blocks. */
export function toDocument(blocks: Block[]): JSONContent {
  const content = blocks.map((b): JSONContent => {
    switch (b.type) {
      case 'heading':
        return { type: 'heading', attrs: { level: b.level ?? 2 }, content: texts(b.text) }
      case 'quote':
        return { type: 'blockquote', content: [{ type: 'paragraph', content: texts(b.text) }] }
      case 'bullets':
      case 'numbers':
        return {
          type: b.type === 'bullets' ? 'bulletList' : 'orderedList',
          content: (b.items ?? []).map((item) => ({ type: 'listItem', content: [{ type: 'paragraph', content: texts(item ?? []) }] })),
        }
      default:
        return { type: 'paragraph', content: texts(b.text) }
    }
  })
  return { type: 'doc', content: content.length > 0 ? content : [{ type: 'paragraph' }] }
}

const texts = (runs: Inline[] | undefined): JSONContent[] =>
  (runs ?? [])
    .filter((r) => r.text !== '')
    .map((r) => ({
      type: 'text',
      text: r.text,
      marks: (r.marks ?? []).map((mark) => (mark.type === 'link' ? { type: 'link', attrs: { href: mark.href } } : { type: mark.type })),
    }))

/** The article's blocks of the editor's document; empty paragraphs are left out. */
export function toBlocks(document: JSONContent): Block[] {
  return (document.content ?? []).flatMap((node): Block[] => {
    switch (node.type) {
      case 'heading':
        return full({ type: 'heading', level: Math.min(4, Math.max(2, Number(node.attrs?.level ?? 2))), text: runs(node) })
      case 'blockquote':
        return (node.content ?? []).flatMap((p) => full({ type: 'quote', text: runs(p) }))
      case 'bulletList':
      case 'orderedList':
        return [{ type: node.type === 'bulletList' ? 'bullets' : 'numbers', items: (node.content ?? []).map((item) => (item.content ?? []).flatMap(runs)) }]
      default:
        return full({ type: 'paragraph', text: runs(node) })
    }
  })
}

const full = (b: Block): Block[] => ((b.text?.length ?? 0) > 0 ? [b] : [])

function runs(node: JSONContent): Inline[] {
  return (node.content ?? []).flatMap((n): Inline[] => {
    if (n.type === 'hardBreak') return [{ text: ' ' }]
    if (n.type !== 'text' || !n.text) return []
    const marks = (n.marks ?? []).flatMap((mark): Mark[] => {
      if (mark.type === 'bold' || mark.type === 'italic') return [{ type: mark.type }]
      return mark.type === 'link' ? [{ type: 'link', href: String(mark.attrs?.href ?? '') }] : []
    })
    return [marks.length > 0 ? { text: n.text, marks } : { text: n.text }]
  })
}
