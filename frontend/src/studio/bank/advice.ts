import type { Schemas } from '$lib/api/client'
import { percent } from '$lib/figures'
import * as m from '$lib/messages/messages'
import { letter, type Item } from './words'

type Figures = Schemas['ItemFigures']

/** How many answers it takes before they say something about a question. */
export const enough = 20

export const share = (x: number) => percent(Math.round(x * 10_000))

const optionsOf = (item: Item) =>
  item.type === 'true_false'
    ? [{ name: m.item_true(), right: item.true ?? false }, { name: m.item_false(), right: !item.true }]
    : item.type === 'single' || item.type === 'multiple' || item.type === 'hotspot'
      ? (item.options ?? []).map((o, i) => ({ name: item.type === 'hotspot' ? String(i + 1) : letter(i), right: o.right ?? false }))
      : []

/** The wrong option that more people chose than any right one, if there is one. */
function lure(item: Item, { chosen, asked }: Figures): string | undefined {
  const options = optionsOf(item).map((o, i) => ({ ...o, n: chosen[i] ?? 0 }))
  const right = Math.max(0, ...options.filter((o) => o.right).map((o) => o.n))
  const [wrong] = options.filter((o) => !o.right).sort((a, b) => b.n - a.n)
  if (!wrong || wrong.n <= right) return undefined
  return m.advice_lure({ name: wrong.name, share: share(wrong.n / asked), right: share(right / asked) })
}

/** How a question was answered, in plain words; '' if nobody was asked. */
export function asked(f: Figures): string {
  if (f.asked === 0) return ''
  const words = m.bank_asked({ n: f.asked, share: share(f.facility) })
  return f.blank > 0 ? `${words} · ${m.bank_blank({ n: f.blank })}` : words
}

/** What the answers to a question say about it, in plain words. */
export function advice(item: Item, f: Figures): string[] {
  if (f.asked === 0) return [m.bank_asked_never()]
  if (f.asked < enough) return [m.advice_few({ n: enough })]
  const easy = f.facility > 0.95
  return [
    f.facility < 0.3 && m.advice_hard(),
    easy && m.advice_easy(),
    // Where all know it, nothing can tell them apart: that was said already.
    !easy && f.discrimination < 0.1 && m.advice_weak(),
    lure(item, f),
  ].filter((words) => typeof words === 'string')
}
