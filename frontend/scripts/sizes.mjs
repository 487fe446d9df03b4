// Fails when the learner's first page, with the sign-in before it, is heavier than
// its budget (brotli).
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'

const budget = { js: 30 * 1024, all: 70 * 1024 }
const html = readFileSync('dist/index.html', 'utf8')
const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((m) => m[1])
const seen = new Set()
let js = 0
let all = statSync('dist/index.html.br').size
const signIn = readdirSync('dist/assets').find((f) => /^SignIn-.*\.js$/.test(f))
for (const file of [...named, 'fonts/be-vietnam-pro-600.woff2', `assets/${signIn}`]) add(file)

// What a module imports at once is loaded with it.
function add(file) {
  if (seen.has(file)) return
  seen.add(file)
  const path = `dist/${file}`
  const size = statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size
  all += size
  if (!file.endsWith('.js')) return
  js += size
  const source = readFileSync(path, 'utf8')
  for (const m of source.matchAll(/(?:from|import)\s*"(\.\/[^"]+\.js)"/g)) add(`assets/${m[1].slice(2)}`)
}

const kb = (n) => `${(n / 1024).toFixed(1)} kB`
console.log(`learner's first page: ${kb(js)} of JS (budget ${kb(budget.js)}), ${kb(all)} in all (budget ${kb(budget.all)})`)
if (js > budget.js || all > budget.all) process.exit(1)
