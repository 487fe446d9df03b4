import { describe, expect, it } from 'vitest'
import type { Schemas } from '$lib/api/client'
import { toBlocks, toDocument } from './article'

const blocks: Schemas['Block'][] = [
  { type: 'heading', level: 3, text: [{ text: 'A' }] },
  { type: 'paragraph', text: [{ text: 'x ' }, { text: 'y', marks: [{ type: 'bold' }] }, { text: 'z', marks: [{ type: 'link', href: 'https://a.vn/' }] }] },
  { type: 'bullets', items: [[{ text: '1' }], [{ text: '2', marks: [{ type: 'italic' }] }]] },
  { type: 'numbers', items: [[{ text: '1' }]] },
  { type: 'quote', text: [{ text: 'q' }] },
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
})
