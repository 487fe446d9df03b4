import { expect, test } from 'vitest'
import { asked, excerpt, mark, near, says, split } from './find'

const shown = (pieces: { text: string; mark?: boolean }[]) => pieces.map((p) => (p.mark ? `[${p.text}]` : p.text)).join('')

// The same as in courses/vietnamese/find_test.go.
test.each([
  ['khai sinh', '\u0110\u0103ng k\u00fd khai sinh, khai t\u1eed', '\u0110\u0103ng k\u00fd [khai sinh], [khai] t\u1eed'],
  ['KHAI SINH', 'Sinh vi\u00ean \u1edf B\u00ecnh \u0110\u1ecbnh', '[Sinh] vi\u00ean \u1edf B\u00ecnh \u0110\u1ecbnh'],
  ['129', 'Th\u00f4ng b\u00e1o 129-TB/TU', 'Th\u00f4ng b\u00e1o [129]-TB/TU'],
  ['nd 30/2020', 'Ngh\u1ecb \u0111\u1ecbnh 30/2020/N\u0110-CP', 'Ngh\u1ecb \u0111\u1ecbnh [30]/[2020]/[N\u0110]-CP'],
  ['chuyn doi', 'Chuy\u1ec3n \u0111\u1ed5i s\u1ed1', '[Chuy\u1ec3n \u0111\u1ed5i] s\u1ed1'],
  ['chuy\u1ec3n \u0111', 'Chuy\u1ec3n \u0111\u1ed5i s\u1ed1', '[Chuy\u1ec3n] \u0111\u1ed5i s\u1ed1'],
  ['<b>', 'a <b>c</b>', 'a <[b]>c</[b]>'],
])('%s is marked in %s', (words, text, want) => {
  expect(shown(mark(asked(words), text))).toBe(want)
  expect(shown(mark(asked(words.normalize('NFD')), text))).toBe(want)
})

test.each([
  ['chuyen', 'chuyne', true], ['chuyen', 'chuyn', true], ['chuyen', 'chuyem', true], ['huyen', 'chuyen', true],
  ['chuyen', 'chuyen', false], ['chuyen', 'cuhyne', false], ['dan', 'dang', false], ['2020', '2021', false],
])('%s for %s: %s', (query, word, want) => expect(near(query, word)).toBe(want))

test('marks are parts of the text, each a word that is asked for or nearly so, whatever the text', () => {
  const parts = ['khai', 'sinh', '\u0110\u0102NG', '129-TB/TU', 'Gia\u0300ng', '\u{1f642}', '\u0301', '\u0130', '\u00df', '\n', '\u2014', 'chuy\u1ec3n', 'chuyem', '\0', ' ']
  let seed = 129
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n
  for (let round = 0; round < 2000; round++) {
    const some = () => Array.from({ length: random(20) }, () => parts[random(parts.length)]).join(random(2) ? ' ' : '')
    const [query, text] = [asked(some()), some()]
    const pieces = mark(query, text)
    expect(pieces.map((p) => p.text).join('')).toBe(text)
    for (const w of pieces.filter((p) => p.mark).flatMap((p) => split(p.text))) {
      expect(query.some((q, i) => q === w.key || near(q, w.key) || (i === query.length - 1 && w.key.startsWith(q)))).toBe(true)
    }
    const cut = excerpt(query, [{ at: 7, text }])
    expect(text).toContain(cut.pieces.map((p) => p.text).join('').replace(/^\u2026 | \u2026$/g, ''))
  }
})

test('of several passages the one that has most together is shown', () => {
  const passages = [{ at: 1, text: 'ho tich' }, { at: 2, text: `${'khac '.repeat(30)}le phi ho tich` }, { at: 3, text: 'le phi ho tich' }]
  const { pieces, at } = excerpt(asked('le phi ho tich'), passages)
  expect([shown(pieces), at]).toEqual([`\u2026 ${'khac '.repeat(8)}[le phi ho tich]`, 2])
  expect(excerpt(asked('x'), [])).toEqual({ pieces: [], at: 0 })
  expect(says(asked('ho tich'), 'H\u1ed9 t\u1ecbch')).toBe(true)
  expect(says([], 'x')).toBe(false)
})
