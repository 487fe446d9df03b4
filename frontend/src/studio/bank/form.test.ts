import { describe, expect, test } from 'vitest'
import { fresh, freshScene, formOf, readNumber, sent, tidy, withoutGap, withoutScene, type Form } from './form'
import { opening, types, type Item, type Type } from './words'

const items: Item[] = [
  { type: 'single', text: 'A?', difficulty: 'easy', topic: 'T', competency: '', note: 'N', retired: false, cites: [{ number: '1/2025', article: 'Điều 5' }], options: [{ text: '60', right: true, match: '' }, { text: '90', right: false, match: '' }] },
  { type: 'true_false', text: 'A.', difficulty: 'hard', topic: '', competency: 'Ký', note: '', retired: true, cites: [], true: false },
  { type: 'number', text: 'A?', difficulty: 'medium', topic: '', competency: 'Ký', note: '', retired: false, cites: [], number: { value: 1234.5, tolerance: 0.25, unit: 'km²' } },
  { type: 'gaps', text: 'A [[1]] [[2]]', difficulty: 'medium', topic: '', competency: 'Ký', note: '', retired: false, cites: [], gaps: [{ accepted: ['a', 'b'], exact: true }, { accepted: ['c'], exact: false }] },
  { type: 'essay', text: 'A.', difficulty: 'hard', topic: '', competency: 'Ký', note: '', retired: false, cites: [], words: 300, files: 2, rubric: [{ name: 'N', levels: [{ text: 'a', points: 250 }, { text: 'b', points: 0 }] }] },
  { type: 'hotspot', text: 'A?', difficulty: 'medium', topic: '', competency: '', note: '', retired: false, cites: [], picture: { asset: 'x', alt: 'y' }, options: [{ text: 'a', right: true, area: { x: 10, y: 20, width: 300, height: 400 } }, { text: '', right: false, area: { x: 0, y: 0, width: 100, height: 100 } }] },
  { type: 'scenario', text: 'A.', difficulty: 'medium', topic: '', competency: '', note: '', retired: false, cites: [], scenes: [{ text: 's', choices: [{ text: 'a', then: 'b', points: 100, next: 2 }, { text: 'c', then: 'd', points: 0, next: 0 }] }, { text: 't', choices: [] }] },
]

describe('the form of a question', () => {
  test.each(items)('sends $type as it came', (item) => expect(sent(formOf(item))).toEqual({ item, wrong: [] }))
  test('has what each type needs', () => {
    for (const type of Object.keys(types) as Type[]) {
      const { options, gaps } = fresh(type)
      expect([options.length > 0, gaps.length > 0]).toEqual([['single', 'multiple', 'matching', 'ordering'].includes(type), type === 'short'])
    }
  })
  test('leaves out lines in which nothing was typed, but not what was marked', () => {
    const form: Form = { ...fresh('single'), cites: [{ key: 'c', number: ' ', article: '' }] }
    form.options[0]!.text = 'A'
    form.options[3]!.right = true
    expect(tidy(form).options.map((o) => [o.text, o.right])).toEqual([['A', false], ['', true]])
    expect(tidy(form).cites).toEqual([])
    expect(tidy(fresh('ordering')).options).toHaveLength(2)
  })
  test('takes words by line and by bar', () => {
    const form = fresh('short')
    form.gaps[0]!.words = ' sáu mươi ngày | 60 ngày\n\n60'
    expect(sent(form).item.gaps).toEqual([{ accepted: ['sáu mươi ngày', '60 ngày', '60'], exact: false }])
    form.gaps[0]!.words = ' '
    expect(sent(form).item.gaps).toEqual([{ accepted: [''], exact: false }]) // for the server to refuse where it stands
  })
  test('names what is no number and what was not chosen', () => {
    expect(sent({ ...fresh('number'), value: 'abc', tolerance: '-1', text: 'A?' }).wrong.map((f) => f.path)).toEqual(['number.value', 'number.tolerance'])
    const essay = { ...fresh('essay'), words: '5001', text: 'A.' }
    essay.rubric[0]!.levels[1]!.points = 'x'
    expect(sent(essay).wrong.map((f) => f.path)).toEqual(['words', 'rubric[0].levels[1].points'])
    expect(sent(fresh('true_false')).wrong.map((f) => f.path)).toEqual(['text', 'true'])
  })
  test('names points that are none', () => {
    const form = fresh('scenario')
    form.scenes[0]!.choices[0]!.points = '101'
    form.scenes[0]!.choices[1]!.points = '2,5'
    expect(sent({ ...form, text: 'A' }).wrong.map((f) => f.path)).toEqual(['scenes[0].choices[0].points', 'scenes[0].choices[1].points'])
  })
  test('leads to the end where a scene was taken out', () => {
    const form = fresh('scenario')
    for (const [i, next] of [2, 3].entries()) form.scenes[0]!.choices[i]!.next = next
    form.scenes.push(freshScene(), freshScene())
    withoutScene(form, 1)
    expect([form.scenes.length, form.scenes[0]!.choices.map((c) => c.next)]).toEqual([2, [0, 2]])
  })
  test('closes up behind a gap that is taken out', () => {
    const form = formOf(items[3]!)
    withoutGap(form, 0)
    expect([form.text, form.gaps.map((g) => g.words)]).toEqual(['A  [[1]]', ['c']])
  })
})

test('numbers are read as the server reads them', () => {
  for (const [text, n] of [['12', 12], ['1.234,5', 1234.5], ['1234.5', 1234.5], ['1.234', 1234], ['0.125', 0.125], ['0,125', 0.125], ['1,234.5', 1234.5], ['1.234.567', 1234567], ['−3,5', -3.5], [' 1 000 ', 1000], ['', undefined], ['12 km', undefined], ['1e3', 1000]] as const)
    expect(readNumber(text), text).toBe(n)
})

test('a long text is cut at a word, and gaps are dots', () => {
  expect(opening('Trong [[1]] ngày')).toBe('Trong […] ngày')
  expect(opening('một hai ba bốn', 9)).toBe('một hai…')
})
