import { expect, test } from 'vitest'
import { Failure } from '$lib/api/client'
import { faultsIn, idOf, marks, placeOf } from './faults'

const refused = (...fields: [string, string][]) =>
  new Failure('assessment.bad_question', { code: 'assessment.bad_question', detail: '', requestId: '', status: 422, title: '', type: '', fields: fields.map(([path, code]) => ({ path, code })) })

test('a refusal is told at its fields, each fault once', () => {
  expect(faultsIn(refused(['options', 'one_right'], ['gaps[1]', 'not_in_text'], ['gaps[0].accepted[0]', 'required'], ['gaps[0].accepted[1]', 'required'], ['number.value', 'range'], ['rubric[0].levels[1].points', 'order'], ['x', 'new']))).toEqual([
    { path: 'options', words: 'Hãy đánh dấu đúng một phương án đúng.' },
    { path: 'gaps[1]', words: 'Câu hỏi phải có [[2]] đúng một lần.' },
    { path: 'gaps[0]', words: 'Chưa ghi.' },
    { path: 'number.value', words: 'Hãy ghi một con số, ví dụ 12,5.' },
    { path: 'rubric[0].levels[1].points', words: 'Điểm của các mức phải giảm dần, mức tốt nhất ở trên.' },
    { path: 'x', words: 'Chưa đúng; hãy xem lại.' },
  ])
  expect(faultsIn(new Failure('offline'))).toEqual([])
})

test('a fault in a list is told with its field', () => {
  const names = (['text', 'options', 'options[1].text', 'gaps[0]', 'cites[2].number'] as const).map((path) => placeOf(path, 'single'))
  expect(placeOf('rubric[1].levels[0].text', 'essay')).toBe('Tiêu chí 2')
  expect(names).toEqual(['Câu hỏi', '', 'Phương án B', 'Chỗ trống 1', 'Căn cứ 3'])
  expect([placeOf('options[1].match', 'matching'), placeOf('options[0].text', 'ordering'), placeOf('gaps[0]', 'short')]).toEqual(['Vế phải 2', 'Bước 1', 'Các cách trả lời được chấp nhận'])
})

test('a fault in a scene or on a picture is told with its place', () => {
  const faults = faultsIn(refused(['scenes[1].choices[0].next', 'cycle'], ['scenes[2]', 'unreachable'], ['scenes[0].choices[1].points', 'range'], ['picture.asset', 'not_ready'], ['options[3].area', 'range']))
  expect(faults.map((f) => `${placeOf(f.path, f.path.startsWith('s') ? 'scenario' : 'hotspot')}: ${f.words}`)).toEqual([
    'Cảnh 2, cách 1: Cách này dẫn ngược về một cảnh đã qua, nên tình huống có thể không bao giờ kết thúc.',
    'Cảnh 3: Không cách xử lý nào dẫn đến cảnh này.',
    'Cảnh 1, cách 2: Điểm là số nguyên từ 0 đến 100.',
    'Hình: Hình đang được xử lý. Hãy chờ một lát rồi lưu lại.',
    'Vùng 4: Vùng phải nằm trong hình, mỗi chiều ít nhất 1%.',
  ])
})

test('an input says why it is wrong', () => {
  const faults = faultsIn(refused(['options[2].text', 'twice']))
  expect(marks(faults, 'options[2].text')).toEqual({ id: 'q-options-2-text', 'aria-invalid': true, 'aria-describedby': 'q-options-2-text-e' })
  expect(marks(faults, 'topic', 'hint')).toEqual({ id: 'q-topic', 'aria-invalid': undefined, 'aria-describedby': 'hint' })
  expect(idOf('cites[0].number')).toBe('q-cites-0-number')
})
