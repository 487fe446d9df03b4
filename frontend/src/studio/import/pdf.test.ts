// @vitest-environment node
import { readFileSync } from 'node:fs'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { describe, expect, it } from 'vitest'
import { chaptersOf, lessonsOf, linesOf } from './pdf'

async function read(name: string) {
  const document = await getDocument({ data: new Uint8Array(readFileSync(`src/studio/import/testdata/${name}.pdf`)), isEvalSupported: false, verbosity: 0 }).promise
  const lessons = lessonsOf(await linesOf(document), await chaptersOf(document), name)
  await document.destroy()
  return lessons
}
const say = (lessons: Awaited<ReturnType<typeof read>>) =>
  lessons.map((l) => [`=== ${l.title} (${l.minutes})`, ...l.blocks!.map((b) => `${b.type}${b.level ?? ''}: ${b.text?.map((r) => r.text).join('') ?? b.items!.map((i) => i!.map((r) => r.text).join('')).join(' | ')}`)].join('\n')).join('\n')

describe('a PDF', () => {
  it('with an outline becomes a lesson for each chapter', async () => {
    expect(say(await read('course'))).toMatchSnapshot()
  })
  it('without one is cut at its divisions', async () => {
    expect(say(await read('official'))).toMatchSnapshot()
  })
  it('of nothing but pictures gives no lesson', () => {
    expect(lessonsOf([], [], 'scan')).toEqual([])
  })
})
