import { Extension, mergeAttributes, Mark, Node, type Editor } from '@tiptap/core'
import Blockquote from '@tiptap/extension-blockquote'
import { TableCell, TableHeader, TableKit } from '@tiptap/extension-table'
import { Plugin } from '@tiptap/pm/state'
import StarterKit from '@tiptap/starter-kit'
import { mount, unmount } from 'svelte'
import { pieces, type Block } from './article'
import Piece from './Piece.svelte'

/** What the page does for the editor. */
export interface Desk {
  shown: () => import('$lib/api/client').Schemas['AssetView'][]
  edit: (block: Block, done: (block: Block) => void) => void
}

/** The blocks of an article, each with an id of its own. */
const named = ['paragraph', 'heading', 'bulletList', 'orderedList', 'blockquote', 'callout', 'table', 'piece']

/**
 * Ids gives every block an id that stays: a copied or split block gets a new one.
 */
const Ids = Extension.create({
  name: 'ids',
  addGlobalAttributes: () => [{ types: named, attributes: { id: { default: null, rendered: false, keepOnSplit: false } } }],
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction(_, __, state) {
        const seen = new Set<string>()
        const change = state.tr
        state.doc.forEach((node, at) => {
          if (!node.attrs.id || seen.has(node.attrs.id)) change.setNodeAttribute(at, 'id', crypto.randomUUID())
          else seen.add(node.attrs.id)
        })
        return change.docChanged ? change : null
      },
    }),
  ],
})

const Quote = Blockquote.extend({ content: 'paragraph' })

const Callout = Node.create({
  name: 'callout',
  group: 'block',
  content: 'inline*',
  defining: true,
  addAttributes: () => ({ style: { default: 'note', parseHTML: (e) => e.dataset.callout, renderHTML: ({ style }) => ({ 'data-callout': style }) } }),
  parseHTML: () => [{ tag: 'p[data-callout]', priority: 60 }],
  renderHTML: ({ HTMLAttributes }) => ['p', mergeAttributes(HTMLAttributes, { class: 'callout' }), 0],
})

const Cite = Mark.create({
  name: 'cite',
  inclusive: false,
  addAttributes: () => ({
    number: { default: '', parseHTML: (e) => e.dataset.number, renderHTML: ({ number }) => ({ 'data-number': number }) },
    article: { default: '', parseHTML: (e) => e.dataset.article, renderHTML: ({ article }) => ({ 'data-article': article }) },
  }),
  parseHTML: () => [{ tag: 'cite[data-number]' }],
  renderHTML: ({ HTMLAttributes }) => ['cite', HTMLAttributes, 0],
})

/** A block that a form edits: shown as learners see it, kept whole. */
const piece = (desk: Desk) =>
  Node.create({
    name: 'piece',
    group: 'block',
    atom: true,
    addAttributes: () => ({ block: { default: null, parseHTML: (e) => parsed(e.dataset.piece), renderHTML: ({ block }) => ({ 'data-piece': JSON.stringify(block) }) } }),
    parseHTML: () => [{ tag: 'div[data-piece]', getAttrs: (e) => (parsed(e.dataset.piece) ? null : false) }],
    renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes],
    addNodeView() {
      return ({ node, editor, getPos }) => {
        const dom = document.createElement('div')
        const set = (block: Block) => change(editor, getPos(), block)
        const view = mount(Piece, {
          target: dom,
          props: {
            block: node.attrs.block,
            assets: desk.shown(),
            edit: () => desk.edit(node.attrs.block, set),
            remove: () => editor.commands.deleteRange({ from: getPos()!, to: getPos()! + 1 }),
          },
        })
        return { dom, stopEvent: () => true, ignoreMutation: () => true, destroy: () => void unmount(view) }
      }
    },
  })

function change(editor: Editor, at: number | undefined, block: Block) {
  if (at !== undefined) editor.view.dispatch(editor.state.tr.setNodeAttribute(at, 'block', block))
}

/** A block out of pasted HTML; what this editor did not write is none. */
function parsed(text: string | undefined): Block | null {
  try {
    const block = JSON.parse(text ?? '') as Block
    return pieces.includes(block.type) ? block : null
  } catch {
    return null
  }
}

export const extensions = (desk: Desk) => [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] }, link: { openOnClick: false, autolink: false, protocols: ['http', 'https'] },
    blockquote: false, code: false, codeBlock: false, strike: false, underline: false, horizontalRule: false,
  }),
  TableKit.configure({ table: { resizable: false, allowTableNodeSelection: false }, tableCell: false, tableHeader: false }),
  TableCell.extend({ content: 'paragraph+' }),
  TableHeader.extend({ content: 'paragraph+' }),
  Quote,
  Callout,
  Cite,
  piece(desk),
  Ids,
]
