// Rules that the type checker does not know: every visible word stands in the
// message files, in both languages, and is used; components stay short.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const problems = []
const vi = JSON.parse(readFileSync('messages/vi.json', 'utf8'))
const en = JSON.parse(readFileSync('messages/en.json', 'utf8'))
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join()
for (const key of new Set([...Object.keys(vi), ...Object.keys(en)])) {
  if (!(key in vi)) problems.push(`messages/vi.json lacks ${key}`)
  else if (!(key in en)) problems.push(`messages/en.json lacks ${key}`)
  else if (key !== '$schema' && holes(vi[key]) !== holes(en[key])) problems.push(`${key} has other holes in English`)
}

const sources = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && /\.(svelte|ts)$/.test(e.name) && !e.parentPath.includes('messages') && !e.name.endsWith('.d.ts'))
  .map((e) => ({ path: join(e.parentPath, e.name), text: readFileSync(join(e.parentPath, e.name), 'utf8') }))
const used = new Set(sources.flatMap((s) => [...s.text.matchAll(/\bm\.(\w+)/g)].map((m) => m[1])))
for (const key of Object.keys(vi)) if (key !== '$schema' && !used.has(key)) problems.push(`message ${key} is not used`)
for (const { path, text } of sources) {
  if (path.endsWith('.test.ts')) continue
  const lines = text.split('\n')
  if (path.endsWith('.svelte') && lines.length > 200) problems.push(`${path} has ${lines.length} lines, more than 200`)
  lines.forEach((line, i) => {
    if (/[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]/i.test(line)) problems.push(`${path}:${i + 1}: words belong in messages/`)
    if (/\{@html/.test(line)) problems.push(`${path}:${i + 1}: no raw HTML`)
  })
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
