// Writes a .br and a .gz beside every text file of the built app. For the code of
// the first page, of which every byte counts, the shortest of brotli's ways is
// found by trying: a hash in it is enough to make another one the shortest.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const ways = [constants.BROTLI_MODE_GENERIC, constants.BROTLI_MODE_FONT].flatMap((mode) => [0, 1].map((postfix) => ({ mode, postfix })))
const brotli = (bytes, { mode, postfix }) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: mode, [constants.BROTLI_PARAM_NPOSTFIX]: postfix } })

writeFileSync('dist/.gitkeep', '') // the folder is embedded, built or not
for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(html|js|mjs|css|svg|json|webmanifest)$/.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const bytes = readFileSync(path)
  const tried = /^index-.*js$/.test(entry.name) ? ways : ways.slice(0, 1)
  writeFileSync(`${path}.br`, tried.map((way) => brotli(bytes, way)).reduce((a, b) => (b.length < a.length ? b : a)))
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
}
