import type { Schemas } from '$lib/api/client'

type Block = Schemas['Block']
type Run = Schemas['Inline']

const said = (runs?: Run[] | null) => (runs ?? []).map((run) => run.text).join('')

function texts(block: Block): string[] {
  if (block.type === 'table') return (block.rows ?? []).map((row) => (row ?? []).map((cell) => said(cell.text)).join('; '))
  if (block.type === 'picture') return [block.alt ?? '', said(block.text)]
  const d = block.document
  if (d) return [[d.issuer, d.number, d.article, d.abstract].filter(Boolean).join('. ')]
  return [said(block.text), ...(block.items ?? []).map(said)]
}

// Voices of some systems stop within longer pieces.
const longest = 180

/** Cuts a sentence that is too long for a voice between words. */
function pieces(sentence: string): string[] {
  if (sentence.length <= longest) return [sentence]
  const space = sentence.lastIndexOf(' ', longest)
  const cut = space > 0 ? space : longest
  return [sentence.slice(0, cut), ...pieces(sentence.slice(cut).trim())]
}

/** What a voice says of an article, in pieces that each voice can say at once. */
export const sentences = (blocks: Block[]): string[] =>
  blocks.flatMap(texts).flatMap((text) => text.match(/[^.!?;\u2026]+(?:[.!?;\u2026]+(?!\s|$)[^.!?;\u2026]*)*[.!?;\u2026]*/g) ?? []).map((s) => s.trim()).filter(Boolean).flatMap(pieces)

/** A Vietnamese voice of the device itself; others send the text to their makers. */
export const voiceOf = (voices: SpeechSynthesisVoice[]) => voices.find((voice) => voice.localService && /^vi\b/i.test(voice.lang.replace('_', '-')))
