import type { Schemas } from '$lib/api/client'

type Template = Schemas['SurveyTemplate']

/** A template as its form has it: lists are lines. */
export interface Form {
  title: string
  basis: string
  scale: string
  bands: string
  dimensions: { title: string; weight: number; questions: string }[]
}

const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter((line) => line !== '')

/** A number and what it is called, from a line such as "80 Good". */
function numbered(line: string): [number, string] {
  const [, n, label] = /^(\d+)\s*%?\s*(.*)$/.exec(line) ?? [undefined, '0', line]
  return [Number(n), label ?? '']
}

export const formOf = (t: Template): Form => ({
  title: t.title,
  basis: t.basis,
  scale: t.scale.map((s) => `${s.worth} ${s.label}`).join('\n'),
  bands: t.bands.map((b) => `${b.from} ${b.label}`).join('\n'),
  dimensions: t.dimensions.map((d) => ({ title: d.title, weight: d.weight, questions: d.questions.join('\n') })),
})

export const templateOf = (f: Form, from: string, revision: number): Template => ({
  from,
  revision,
  fixed: false,
  title: f.title.trim(),
  basis: f.basis.trim(),
  scale: lines(f.scale).map(numbered).map(([worth, label]) => ({ worth, label })),
  bands: lines(f.bands).map(numbered).map(([least, label]) => ({ from: least, label })),
  dimensions: f.dimensions.map((d) => ({ title: d.title.trim(), weight: d.weight, questions: lines(d.questions) })),
})

export const sum = (f: Form) => f.dimensions.reduce((n, d) => n + (d.weight || 0), 0)
