import { describe, expect, it } from 'vitest'
import { toBlocks, toDocument, type Block } from './article'

const blocks: Block[] = [
  { id: '1', type: 'heading', level: 3, text: [{ text: 'A' }] },
  { id: '2', type: 'paragraph', text: [{ text: 'x ' }, { text: 'y', marks: [{ type: 'bold' }] }, { text: 'z', marks: [{ type: 'link', href: 'https://a.vn/' }] }] },
  { id: '3', type: 'bullets', items: [[{ text: '1' }], [{ text: '2', marks: [{ type: 'italic' }] }]] },
  { id: '4', type: 'numbers', items: [[{ text: '1' }]] },
  { id: '5', type: 'quote', text: [{ text: 'q' }] },
  { id: '6', type: 'callout', style: 'warning', text: [{ text: 'c' }] },
  { id: '7', type: 'table', rows: [[{ text: [{ text: 'h' }], head: true, columns: 2 }], [{ text: [{ text: 'a' }] }, { text: [] }]] },
  { id: '8', type: 'official', document: { number: '129-TB/TU', issuer: 'TU' } },
  { id: '9', type: 'question', text: [{ text: '?' }], items: [[{ text: 'a' }], [{ text: 'b' }]], right: [1] },
  { id: '10', type: 'paragraph', text: [{ text: 'c', marks: [{ type: 'cite', number: '129-TB/TU', article: 'C' }] }] },
]

describe('an article', () => {
  it('is the same after the editor had it', () => {
    expect(toBlocks(toDocument(blocks))).toEqual(blocks)
  })
  it('without text is an empty paragraph to the editor and nothing to the course', () => {
    expect(toBlocks(toDocument([]))).toEqual([])
  })
  it('keeps a heading within the levels that an article has', () => {
    expect(toBlocks({ type: 'doc', content: [{ type: 'heading', attrs: { level: 1 }, content: [{ type: 'text', text: 'A' }] }] })[0]!.level).toBe(2)
  })
  it('has the items of lists within lists after their own', () => {
    const item = (text: string, ...within: object[]) => ({ type: 'listItem', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }, ...within] })
    const list = { type: 'bulletList', content: [item('1', { type: 'orderedList', content: [item('1a'), item('1b')] }), item('2')] }
    expect(toBlocks({ type: 'doc', content: [list] })[0]!.items!.map((i) => i![0]!.text)).toEqual(['1', '1a', '1b', '2'])
  })
})
