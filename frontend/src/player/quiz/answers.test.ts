import { describe, expect, it } from 'vitest'
import { empty, finished, latest, later, lines, moved, nextSeq, orderOf, pieces, same, sent, wayOf, whereabouts, type Asked, type Kept } from './answers'

const kept = (seq: number, event: string, more: Partial<Kept> = {}): Kept => ({
  person: 'p', attempt: 'a', slot: 0, at: '2026-01-01T00:00:00.000Z', seq, event, chosen: [1], ...more,
})
const asked = (more: Partial<Asked>): Asked => ({ type: 'single', text: '', options: [], prompts: [], fields: 0, ...more })
const scenario = asked({ type: 'scenario', scenes: [
  { text: 's', choices: [{ text: 'a', then: '', next: 2, points: 40 }, { text: 'b', then: '', next: 0 }] },
  { text: 't', choices: [{ text: 'c', then: '', next: 0 }, { text: 'd', then: '', next: 0 }] },
] })

describe('the latest answer', () => {
  it('is the one with the greater number, and between equals the greater id', () => {
    expect(later({ seq: 2, event: 'a' }, { seq: 1, event: 'z' })).toBe(true)
    expect(later({ seq: 1, event: 'b' }, { seq: 1, event: 'a' })).toBe(true)
    expect(later({ seq: 1, event: 'a' }, { seq: 1, event: 'a' })).toBe(false)
    expect(later({ seq: 1, event: 'a' }, undefined)).toBe(true)
  })
  it('is of the device or of the server, whichever is later', () => {
    const given = { seq: 2, event: 'm', chosen: [0] }
    expect(latest(given, kept(3, 'a'))?.chosen).toEqual([1])
    expect(latest(given, kept(1, 'z'))?.chosen).toEqual([0])
    expect(latest(given, undefined)).toBe(given)
    expect(latest(undefined, undefined)).toBeUndefined()
  })
  it('does not depend on who hears of it first', () => {
    const list = [kept(1, 'c'), kept(2, 'a'), kept(2, 'b')]
    const end = (order: number[]) => order.map((i) => list[i]!).reduce<Kept | undefined>((was, k) => (later(k, was) ? k : was), undefined)?.event
    for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]]) expect(end(order)).toBe('b')
  })
  it('is replaced by one that counts on from all that are known', () => {
    expect(nextSeq(undefined, undefined)).toBe(1)
    expect(nextSeq({ seq: 4, event: 'a' }, kept(2, 'b'))).toBe(5)
  })
})

describe('where an answer is', () => {
  const sending = new Set(['x'])
  it.each([
    ['nowhere before it is given', undefined, undefined, 'nowhere'],
    ['in the page before it is written', undefined, kept(1, 'a'), 'page'],
    ['on the device', undefined, kept(1, 'a', { saved: true }), 'device'],
    ['on its way', undefined, kept(1, 'x', { saved: true }), 'sending'],
    ['recorded', undefined, kept(1, 'a', { saved: true, recorded: true }), 'recorded'],
    ['recorded by another device', { seq: 2, event: 'a' }, kept(1, 'a', { saved: true }), 'recorded'],
    ['on the device again when it was changed', { seq: 2, event: 'a' }, kept(3, 'a', { saved: true }), 'device'],
    ['refused', undefined, kept(1, 'a', { saved: true, refused: 'assessment.bad_answer' }), 'refused'],
  ] as const)('%s', (_, given, k, want) => expect(whereabouts(given, k, sending)).toBe(want))
})

describe('an answer', () => {
  it('says nothing without a choice or a word', () => {
    for (const a of [undefined, {}, { chosen: [] }, { chosen: [-1, -1] }, { texts: ['', '  '] }]) expect(empty(a)).toBe(true)
    expect(empty({ chosen: [-1, 0] })).toBe(false)
    expect(empty({ texts: ['', 'x'] })).toBe(false)
  })
  it('is not given again when it says the same', () => {
    expect(same(undefined, { texts: [''] })).toBe(true)
    expect(same({ chosen: [0, 2] }, { chosen: [0, 2] })).toBe(true)
    expect(same({ chosen: [0, 2] }, { chosen: [2, 0] })).toBe(false)
    expect(same({ texts: ['a'] }, { texts: ['b'] })).toBe(false)
  })
  it('is sent without what only the device needs', () => {
    expect(sent(kept(1, 'a', { saved: true, offline: true }))).toEqual({ slot: 0, event: 'a', seq: 1, at: '2026-01-01T00:00:00.000Z', chosen: [1], offline: true })
  })
})

describe('a question', () => {
  it('with gaps is words and the gaps between them', () => {
    expect(pieces('[[1]] and [[2]].')).toEqual([0, ' and ', 1, '.'])
    expect(pieces('no [gap] [[0]]')).toEqual(['no [gap] [[0]]'])
  })
  it('of ordering is shown as it came until an order is given', () => {
    const q = asked({ type: 'ordering', options: ['a', 'b', 'c'] })
    expect(orderOf(q, undefined)).toEqual([0, 1, 2])
    expect(orderOf(q, { chosen: [2, 0, 1] })).toEqual([2, 0, 1])
    expect(orderOf(q, { chosen: [2, 2, 1] })).toEqual([0, 1, 2])
  })
  it('of a scenario is a way that ends, however much more is said', () => {
    expect(wayOf(scenario, undefined)).toEqual({ steps: [], next: 1 })
    expect(wayOf(scenario, { chosen: [0] })).toMatchObject({ steps: [{ scene: 0, position: 0 }], next: 2 })
    expect(wayOf(scenario, { chosen: [0, 1, 0, 0] })).toMatchObject({ steps: [{ scene: 0 }, { scene: 1, position: 1 }], next: 0 })
    expect(wayOf(scenario, { chosen: [7] })).toEqual({ steps: [], next: 1 })
  })
  it('of a scenario is finished at its end, and others with an answer', () => {
    expect([finished(scenario, { chosen: [0] }), finished(scenario, { chosen: [1] }), finished(scenario, undefined)]).toEqual([false, true, false])
    expect(finished(asked({}), { chosen: [0] })).toBe(true)
  })
  it('of ordering moves an item by one place, and not over an end', () => {
    expect(moved([0, 1, 2], 2, -1)).toEqual([0, 2, 1])
    expect(moved([0, 1, 2], 0, -1)).toEqual([0, 1, 2])
    expect(moved([0, 1, 2], 2, 1)).toEqual([0, 1, 2])
  })
  it.each([
    [asked({ options: ['a', 'b'] }), { chosen: [1] }, ['b']],
    [asked({ type: 'true_false' }), { chosen: [1] }, ['no']],
    [asked({ type: 'matching', prompts: ['p', 'q'], options: ['a', 'b'] }), { chosen: [1, -1] }, ['p → b', 'q → –']],
    [asked({ type: 'ordering', options: ['a', 'b'] }), { chosen: [1, 0] }, ['1. b', '2. a']],
    [asked({ type: 'hotspot', options: ['a', 'b', 'c'] }), { chosen: [0, 2] }, ['a', 'c']],
    [scenario, { chosen: [0, 1] }, ['1. a (+40)', '2. d']],
    [asked({ type: 'gaps' }), { texts: ['a', ''] }, ['[1] a', '[2] –']],
    [asked({ type: 'number', unit: 'm' }), { texts: ['3'] }, ['3\u00a0m']],
    [asked({ type: 'short' }), { texts: [' '] }, []],
  ])('is answered in words %#', (q, answer, want) => expect(lines(q, answer, 'yes', 'no')).toEqual(want))
})
