import { expect, test } from 'vitest'
import { formOf, sum, templateOf } from './templates'

const template = {
  from: '2027-01-01',
  revision: 2,
  fixed: false,
  title: 'Phiếu',
  basis: 'Thông tư',
  scale: [{ worth: 0, label: 'Không' }, { worth: 100, label: 'Có' }],
  bands: [{ from: 80, label: 'Tốt' }, { from: 0, label: 'Không đạt' }],
  dimensions: [{ title: 'Chương trình', weight: 60, questions: ['Sát việc?', 'Đủ?'] }, { title: 'Tổ chức', weight: 40, questions: ['Kịp thời?'] }],
}

test('a template survives its form', () => {
  expect(templateOf(formOf(template), '2027-01-01', 2)).toEqual(template)
  expect(sum(formOf(template))).toBe(100)
})

test('lines are read as people write them', () => {
  const form = { ...formOf(template), scale: '20%  Kém\n\n 100 Tốt ', bands: 'Đạt' }
  const read = templateOf(form, '2027-01-01', 0)
  expect(read.scale).toEqual([{ worth: 20, label: 'Kém' }, { worth: 100, label: 'Tốt' }])
  expect(read.bands).toEqual([{ from: 0, label: 'Đạt' }])
})
