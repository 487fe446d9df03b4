import { describe, expect, test } from 'vitest'
import type { Schemas } from '$lib/api/client'
import { advice, asked } from './advice'

const figures = (more: Partial<Schemas['ItemFigures']>): Schemas['ItemFigures'] => ({ asked: 40, blank: 0, facility: 0.6, discrimination: 0.4, chosen: [], ...more })
const single: Schemas['BankItem'] = { type: 'single', text: 'A?', difficulty: 'easy', options: [{ text: '60', right: true }, { text: '90' }, { text: '120' }] }
const statement: Schemas['BankItem'] = { type: 'true_false', text: 'A.', difficulty: 'easy', true: true }
const short: Schemas['BankItem'] = { type: 'short', text: 'A?', difficulty: 'easy', gaps: [{ accepted: ['60'] }] }

describe('what the answers to a question say', () => {
  test('is nothing before there are enough', () => {
    expect(advice(single, figures({ asked: 0 }))).toEqual(['Chưa có ai làm câu này.'])
    expect(advice(single, figures({ asked: 19, facility: 0, discrimination: -1, chosen: [0, 19] }))).toEqual(['Chưa đủ số liệu để nhận xét (cần ít nhất 20 lượt).'])
  })
  test('is nothing where the question is good', () => expect(advice(single, figures({ chosen: [24, 10, 6] }))).toEqual([]))
  test.each([
    ['few know it', short, figures({ facility: 0.29 }), ['Ít người biết: có thể câu quá khó, hoặc bài học chưa nói đến.']],
    ['all know it, and no more', short, figures({ facility: 0.96, discrimination: 0 }), ['Gần như ai cũng biết: câu này không phân biệt được người học.']],
    ['it does not tell them apart', short, figures({ discrimination: 0.09 }), ['Người làm bài tốt không làm đúng câu này hơn người khác: nên xem lại.']],
    ['the bounds are well', short, figures({ facility: 0.3, discrimination: 0.1 }), []],
    ['a wrong option draws more', single, figures({ chosen: [13, 25, 2] }), ['Phương án B hút 62,5%, nhiều hơn đáp án (32,5%): hãy xem lại cách hỏi.']],
    ['options that nobody chose are not in the figures', single, figures({ chosen: [0, 0, 30] }), ['Phương án C hút 75%, nhiều hơn đáp án (0%): hãy xem lại cách hỏi.']],
    ['as many are no lure', single, figures({ chosen: [20, 20] }), []],
    ['of a statement', statement, figures({ chosen: [15, 25] }), ['Phương án Sai hút 62,5%, nhiều hơn đáp án (37,5%): hãy xem lại cách hỏi.']],
  ] as const)('%s', (_, item, f, words) => expect(advice(item, f)).toEqual(words))
})

test('how it was answered is told in a line', () => {
  expect(asked(figures({ asked: 0 }))).toBe('')
  expect(asked(figures({ asked: 124, facility: 0.6249 }))).toBe('Đã hỏi 124 lượt · trung bình đúng 62,5%')
  expect(asked(figures({ blank: 3 }))).toBe('Đã hỏi 40 lượt · trung bình đúng 60% · bỏ trống 3 lượt')
})
