import { Editor } from '@tiptap/core'
import { describe, expect, it } from 'vitest'
import { toBlocks, type Block, type Inline } from './article'
import { extensions } from './nodes'
import { tidy } from './paste'
import libreoffice from './testdata/libreoffice.html?raw'
import word from './testdata/word.html?raw'

/** What the editor makes of pasted HTML. */
function pasted(html: string): Block[] {
  const editor = new Editor({ element: document.createElement('div'), extensions: extensions({ shown: () => [], edit: () => undefined }), content: '' })
  editor.commands.setContent(tidy(html))
  const blocks = toBlocks(editor.getJSON())
  editor.destroy()
  return blocks
}
const say = (runs: Inline[] | null | undefined) => (runs ?? []).map((r) => r.text + (r.marks ?? []).map((x) => `[${x.type}${x.href ?? ''}]`).join('')).join('')
const outline = (blocks: Block[]) =>
  blocks.map((b) => [b.type, b.level, b.text && say(b.text), b.items?.map(say), b.rows?.map((r) => r!.map((c) => `${c.head ? '#' : ''}${say(c.text)}${c.columns ? `<${c.columns}>` : ''}`))].filter((x) => x !== undefined))

describe('what is pasted', () => {
  it('from LibreOffice keeps headings, lists and tables', () => {
    expect(outline(pasted(libreoffice))).toMatchSnapshot()
  })
  it('from Word keeps headings, lists and tables', () => {
    expect(outline(pasted(word))).toMatchSnapshot()
    expect('pasted' in window).toBe(false)
  })
  it('gives each block an id of its own', () => {
    const ids = pasted(word).map((b) => b.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
  it('of a quote with several paragraphs is as many quotes', () => {
    expect(outline(pasted('<blockquote><p>a</p><p>b</p></blockquote>'))).toEqual([['quote', 'a'], ['quote', 'b']])
  })
  it('never brings a block that this editor did not write', () => {
    expect(outline(pasted(`<div data-piece='{"type":"heading"}'>a</div><div data-piece='x'>b</div>`))).toEqual([['paragraph', 'a'], ['paragraph', 'b']])
  })
})
