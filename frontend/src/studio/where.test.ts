import { expect, it } from 'vitest'
import { Failure, type Schemas } from '$lib/api/client'
import { refusedAt } from './where'

type Content = Schemas['CourseContent']

const paragraph = { type: 'paragraph', text: [{ text: 'Công dân nộp hồ sơ ' }, { text: 'trực tiếp hoặc trực tuyến.' }] }
const table = { type: 'table', rows: [[{ text: [{ text: 'Xã' }] }, { text: [{ text: 'Số' }] }], null] }
const content = { modules: [{ lessons: [] }, { lessons: [{ title: 'Hồ sơ', blocks: [paragraph, table] }, { title: '', blocks: null }] }] } as unknown as Content

const at = (...paths: string[]) => refusedAt(new Failure('request.invalid', { fields: paths.map((path) => ({ path, code: 'x' })) } as Schemas['Problem']), content)

it('the place of what is refused is the lesson, and the block by its first words', () => {
  const lessons = 'body.content.modules[1].lessons'
  expect(at(`${lessons}[0].blocks[0].text[1].text`)).toBe('Chỗ cần sửa: bài “Hồ sơ”, đoạn thứ 1 (“Công dân nộp hồ sơ trực tiếp hoặc trực…”).')
  expect(at(`${lessons}[0].blocks[1].rows[0]`, `${lessons}[0].minutes`)).toMatch(/^Chỗ cần sửa: bài “Hồ sơ”, đoạn thứ 2 \(“Xã Số”\)\. Một bảng có tối đa/)
  expect(at(`${lessons}[0].blocks[1].rows[0][1].text`)).toBe('Chỗ cần sửa: bài “Hồ sơ”, đoạn thứ 2 (“Xã Số”).')
  expect(at(`${lessons}[0].blocks[0].items`)).toMatch(/Một danh sách có tối đa/)
  expect(at(`${lessons}[0].minutes`)).toBe('Chỗ cần sửa: bài “Hồ sơ”.')
  expect(at('modules[1].lessons[1].blocks[7].text')).toBe('Chỗ cần sửa: bài “Bài học chưa đặt tên”.')
})

it('elsewhere there is none', () => {
  for (const path of ['', 'body.content.title', 'body.content.modules[1].title', 'body.content.modules[0].lessons[0].title', 'body.content.modules[9].lessons[0]']) expect(at(path)).toBeUndefined()
  expect(refusedAt(new Failure('offline'), content)).toBeUndefined()
})
