import { describe, expect, it } from 'vitest'
import type { Content } from './draft.svelte'
import { merge, same } from './merge'

const lesson = (id: string, title = id) => ({ id, kind: 'article' as const, title, minutes: 1 })
const course = (title: string, ...lessons: ReturnType<typeof lesson>[]): Content => ({
  title, summary: '', knowledge: '', tiet: 1, positions: [], citations: [], modules: [{ id: 'm', title: 'M', tiet: 0, lessons }],
})
const base = course('A', lesson('1'), lesson('2'))
const titles = (c: Content) => [c.title, ...c.modules.flatMap((m) => m.lessons.map((l) => l.title))]
const both = (mine: Content, theirs: Content, choices = {}) => merge({ was: base, is: mine }, { was: base, is: theirs }, choices)

describe('what two authors changed', () => {
  it('comes together where they changed different parts', () => {
    const { content, conflicts } = both(course('B', lesson('1', 'mine'), lesson('2')), course('A', lesson('1'), lesson('2', 'theirs')))
    expect(titles(content)).toEqual(['B', 'mine', 'theirs'])
    expect(conflicts).toEqual([])
  })
  it('is asked for where they changed the same lesson, and mine stands meanwhile', () => {
    const mine = course('A', lesson('1', 'mine'), lesson('2'))
    const theirs = course('A', lesson('1', 'theirs'), lesson('2'))
    expect(both(mine, theirs)).toMatchObject({ conflicts: ['1'] })
    expect(titles(both(mine, theirs).content)).toEqual(['A', 'mine', '2'])
    const decided = both(mine, theirs, { 1: 'theirs' })
    expect([titles(decided.content), decided.conflicts]).toEqual([['A', 'theirs', '2'], []])
  })
  it('is no conflict where both changed it alike', () => {
    const alike = course('B', lesson('1'), lesson('2'))
    expect(both(alike, structuredClone(alike)).conflicts).toEqual([])
  })
  it('keeps the lessons that both added', () => {
    const { content, conflicts } = both(course('A', lesson('1'), lesson('2'), lesson('3')), course('A', lesson('1'), lesson('2'), lesson('4')), { outline: 'mine' })
    expect(titles(content)).toEqual(['A', '1', '2', '3', '4'])
    expect(conflicts).toEqual([])
  })
  it('keeps a lesson that one changed and the other removed', () => {
    expect(titles(both(course('A', lesson('2')), course('A', lesson('1', 'theirs'), lesson('2'))).content)).toEqual(['A', '2', 'theirs'])
    expect(titles(both(course('A', lesson('1', 'mine'), lesson('2')), course('A', lesson('2'))).content)).toEqual(['A', '2', 'mine'])
  })
  it('keeps the paper of a quiz that one changed, and asks where both did', () => {
    const quiz = (count: number) => ({ ...lesson('1'), kind: 'quiz' as const, paper: { bank: 'SNV', shuffle: true, draws: [{ topic: 'A', count }] } })
    const course2 = (count: number, title = 'A'): Content => ({ ...base, title, modules: [{ id: 'm', title: 'M', tiet: 0, lessons: [quiz(count), lesson('2')] }] })
    const merged = (mine: Content, theirs: Content) => merge({ was: course2(1), is: mine }, { was: course2(1), is: theirs })
    const counts = (c: Content) => c.modules[0]!.lessons.map((l) => l.paper?.draws?.[0]?.count)
    for (const [mine, theirs] of [[course2(5), course2(1, 'B')], [course2(1, 'B'), course2(5)]] as const) {
      const { content, conflicts } = merged(mine, theirs)
      expect([content.title, counts(content), conflicts]).toEqual(['B', [5, undefined], []])
    }
    expect(merged(course2(5), course2(6))).toMatchObject({ conflicts: ['1'], content: course2(5) })
  })
  it('lets a lesson go that one removed and the other left alone', () => {
    expect(titles(both(course('A', lesson('2')), course('B', lesson('1'), lesson('2'))).content)).toEqual(['B', '2'])
  })
  it('is no conflict where the server says in its own form what was sent', () => {
    const sent = { ...lesson('1', 'mine'), blocks: [{ type: 'paragraph' as const, text: [{ text: 'a', marks: [] }], id: 'b' }] }
    const given = { title: 'mine', minutes: 1, kind: 'article' as const, id: '1', blocks: [{ id: 'b', type: 'paragraph' as const, text: [{ text: 'a' }] }], asset: '' }
    expect(JSON.stringify(sent)).not.toBe(JSON.stringify(given))
    expect(both(course('A', sent, lesson('2')), course('C', given, lesson('2')))).toMatchObject({ conflicts: [], content: { title: 'C' } })
  })
  it('is never taken for the same where one letter, mark, place or answer differs', () => {
    const marked = (...types: string[]) => [{ text: 'a', marks: types.map((type) => ({ type })) }]
    for (const [a, b] of [['a', 'b'], [{ minutes: 1 }, { minutes: 2 }], [marked('bold'), marked()], [[1, 2], [2, 1]], [[[], ['a']], [['a'], []]], [{ right: true }, { right: false }], [['', 'a'], ['a', '']]]) {
      expect(same(a, b)).toBe(false)
    }
  })
  it('is theirs where mine is as it was, whatever form it was sent in', () => {
    const sent = course('A ', lesson('1'), lesson('2'))
    expect(titles(merge({ was: sent, is: sent }, { was: base, is: course('C', lesson('1'), lesson('2')) }).content)[0]).toBe('C')
  })
})
