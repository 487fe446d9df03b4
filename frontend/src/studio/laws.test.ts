import { describe, expect, test } from 'vitest'
import type { Failure, Schemas } from '$lib/api/client'
import { byArticle, fault, inputOf, sent } from './laws'

const article = (label: string, more: object = {}): Schemas['LawArticle'] => ({ label, state: 'in_force', ...more })

describe('the form of a document', () => {
  test('holds one article a line, and below those that changed', () => {
    const law = { number: '118/2025/NĐ-CP', kind: 'nghi_dinh', abstract: '', issuer: '', from: '2025-07-01', articles: [article('Điều 5', { title: 'Thẩm quyền', until: '2026-02-28', changedBy: '7/2026/NĐ-CP' }), article('Điều 6')] }
    const input = inputOf(law as Schemas['Law'])
    expect(input.articles).toBe('Điều 5. Thẩm quyền\nĐiều 6')
    expect(input.changes).toEqual([{ label: 'Điều 5', from: undefined, until: '2026-02-28', changedBy: '7/2026/NĐ-CP' }])
  })

  test('sends no empty rows and no empty days', () => {
    const input = { ...inputOf({ number: '1', kind: 'khac', abstract: '', issuer: '', from: '2026-01-01' } as Schemas['Law']), changes: [{ label: ' ' }, { label: 'Điều 5', from: '', until: '2026-02-28', changedBy: '' }] }
    expect(sent(input).changes).toEqual([{ label: 'Điều 5', from: undefined, until: '2026-02-28', changedBy: undefined }])
  })

  test('says in which line a list is at fault, and of which article a day is', () => {
    const refused = (path: string, code: string) => ({ code: 'laws.bad_articles', problem: { fields: [{ path, code }] } }) as unknown as Failure
    expect(fault(refused('line:3', 'twice'))).toBe('Danh sách điều, dòng 3: điều này đã ghi ở trên.')
    expect(fault(refused('Điều 5', 'no_date'))).toBe('Điều 5: hãy ghi ngày đầu hoặc ngày cuối của điều này.')
    expect(fault({ code: 'laws.dates' } as Failure)).toBeUndefined()
  })
})

test('what cites a document stands by article: the whole first, then in its order, then what is not listed', () => {
  const [a, b] = [{ id: 'a', articles: ['Điều 10', 'Điều 6', ''] }, { id: 'b', articles: ['Điều 5', 'Điều 6', 'Điều 9'] }]
  const groups = byArticle([a, b], [article('Điều 5'), article('Điều 6', { title: 'Trình tự' })])
  expect(groups.map((g) => [g.label, g.article?.title, g.items.map((c) => c.id).join()])).toEqual([
    ['', undefined, 'a'], ['Điều 5', undefined, 'b'], ['Điều 6', 'Trình tự', 'a,b'], ['Điều 9', undefined, 'b'], ['Điều 10', undefined, 'a'],
  ])
})
