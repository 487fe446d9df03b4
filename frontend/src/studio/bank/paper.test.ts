import { describe, expect, test } from 'vitest'
import { fitting, lacking, size, summary, type Draw, type Topic } from './paper'

const topics: Topic[] = [{ name: '', easy: 1, medium: 0, hard: 0 }, { name: 'A', easy: 3, medium: 2, hard: 0 }, { name: 'B', easy: 0, medium: 1, hard: 4 }]
const paper = (...draws: Draw[]) => ({ bank: 'SNV', shuffle: true, draws })

test('what fits a draw is counted by topic and difficulty', () => {
  expect([{}, { topic: 'A' }, { difficulty: 'medium' }, { topic: 'B', difficulty: 'hard' }, { topic: 'C' }].map((d) => fitting(topics, d as Draw))).toEqual([11, 5, 3, 4, 0])
})

describe('what a bank lacks for a quiz', () => {
  test.each<[string, Draw[], number]>([
    ['nothing', [{ topic: 'A', count: 5 }, { topic: 'B', difficulty: 'hard', count: 4 }, { count: 2 }], 0],
    ['a topic', [{ topic: 'C', count: 2 }], 2],
    ['some', [{ topic: 'A', difficulty: 'easy', count: 5 }], 2],
    ['what two draws want', [{ topic: 'A', count: 4 }, { topic: 'A', difficulty: 'easy', count: 3 }], 2],
    ['nothing, as one draw gives way', [{ difficulty: 'medium', count: 1 }, { topic: 'A', difficulty: 'medium', count: 2 }], 0],
    ['nothing, as a chain gives way', [{ count: 9 }, { topic: 'A', difficulty: 'medium', count: 2 }], 0],
    ['all there are and one', [{ count: 12 }], 1],
    ['nothing for no draws', [], 0],
  ])('%s', (_, draws, n) => expect(lacking(paper(...draws), topics)).toBe(n))
})

test('chosen questions leave less for the draws', () => {
  expect([1, 2].map((n) => lacking({ ...paper({ count: 10 }), fixed: ['x', 'y'].slice(0, n) }, topics))).toEqual([0, 1])
})

test('a quiz is told in a line', () => {
  const p = { ...paper({ count: 3 }), fixed: ['x'], passBp: 6000, minutes: 15, attempts: 2 }
  expect(size(p)).toBe(4)
  expect(summary(p)).toBe('4 câu hỏi · đạt từ 60% · 15 phút · được làm 2 lần')
  expect(summary(paper())).toBe('Chưa có câu hỏi nào · đạt từ 50% · không giới hạn thời gian · làm bao nhiêu lần cũng được')
})
