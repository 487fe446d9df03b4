import { Editor } from '@tiptap/core'
import { describe, expect, it } from 'vitest'
import { toBlocks, type Block, type Inline } from './article'
import { extensions } from './nodes'
import { taking, tidy, type Pasted } from './paste'
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

/** So many paragraphs with what pages and mails carry, in all about 10 MB. */
function hostile(paragraphs: number): string {
  const each = (i: number) => {
    const text = `<p style="display:none"><script>window.ran = true</script><style>p { color: red }</style><a href="javascript:ran=true">Đoạn ${i}</a><img src=x onerror="window.ran = true"><iframe srcdoc="<script>parent.ran = true</script>"></iframe>`
    return `${text}<img src="data:image/png;base64,${'A'.repeat(Math.max(0, 10e6 / paragraphs - text.length))}"></p>`
  }
  return Array.from({ length: paragraphs }, (_, i) => each(i)).join('')
}

describe('a lesson', () => {
  /** jsdom makes none of its own. */
  const paste = (...files: File[]) => Object.assign(new Event('paste'), { clipboardData: { files, getData: () => '' } }) as unknown as ClipboardEvent
  const event = paste()
  /** An editor with a sentence, after something was pasted at its end. */
  function after(act: (editor: Editor) => void) {
    const told: Pasted[] = []
    const element = document.body.appendChild(document.createElement('div'))
    const editor = new Editor({ element, extensions: extensions({ shown: () => [], edit: () => undefined }), content: '<p>Câu đã có.</p>', editorProps: { ...taking((what) => told.push(what)), handleScrollToSelection: () => true } })
    editor.commands.selectAll()
    editor.commands.setTextSelection(editor.state.doc.content.size - 1)
    act(editor)
    const made = toBlocks(editor.getJSON())
    editor.destroy()
    return { told, made, words: made.map((b) => say(b.text)) }
  }

  it('takes 10 MB for the text of which there is room, without their scripts, links that run, pictures and styles', { timeout: 60_000 }, () => {
    const html = hostile(200)
    expect(html.length).toBeGreaterThanOrEqual(10e6)
    const { told, made, words } = after((editor) => editor.view.pasteHTML(html, event))
    expect([told, words.length, words[0], words.at(-1)]).toEqual([[{ taken: true, pictures: 400 }], 200, 'Câu đã có.Đoạn 0', 'Đoạn 199'])
    expect(JSON.stringify(made)).not.toMatch(/script|base64|ran|red|onerror/)
    expect('ran' in window).toBe(false)
  })
  it('takes nothing of 10 MB for which there is no room, and that is told', { timeout: 60_000 }, () => {
    for (const html of [hostile(2001), `<div>${'chữ '.repeat(260_000)}</div>`, '<div>a</div>'.repeat(2001), '<table><tr><td>a</td></tr></table>'.repeat(2001)]) {
      const { told, words } = after((editor) => {
        editor.commands.selectAll() // what is selected stays too
        editor.view.pasteHTML(html, event)
      })
      expect([told.map((t) => t.taken), words]).toEqual([[false], ['Câu đã có.']])
    }
    for (const text of ['chữ '.repeat(260_000), 'a\n'.repeat(2001)]) {
      const { told, words } = after((editor) => editor.view.pasteText(text, event))
      expect([told, words]).toEqual([[{ taken: false, pictures: 0 }], ['Câu đã có.']])
    }
  })
  it('takes what is pasted after that', () => {
    const { told, words } = after((editor) => {
      editor.view.pasteText('a\n'.repeat(2001), event)
      editor.view.pasteHTML('<p> Câu mới.</p>', event)
    })
    expect([told.map((t) => t.taken), words]).toEqual([[false, true], ['Câu đã có.Câu mới.']])
  })
  it('takes no pictures: those of a text are counted, one by itself is told and changes nothing', () => {
    const picture = new File(['x'], 'image.png', { type: 'image/png' })
    const { told, words } = after((editor) => {
      editor.view.pasteHTML('<p> Hình<img src="a.png">1, hình<img src="b.png">2.</p>', paste(picture)) // as Word does
      editor.view.pasteHTML('<p> Hết.</p>', paste())
      editor.view.pasteHTML('<img src="a.png">', paste(picture)) // as a browser does
      editor.view.pasteHTML('<img src="a.png">', paste(new File(['x'], 'a.txt', { type: 'text/plain' })))
    })
    expect(told).toEqual([{ taken: true, pictures: 2 }, { taken: true, pictures: 0 }, { taken: true, pictures: 0, picture }, { taken: true, pictures: 1 }])
    expect(words).toEqual(['Câu đã có.Hình1, hình2.Hết.'])
  })
})
