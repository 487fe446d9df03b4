// Writes dist/sw.js for the learner's app as it was just built.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

// What nobody needs without a network: only what is on the device is played then, whole.
const online = /\/adaptive-/
const named = ['assets', 'fonts'].flatMap((folder) => readdirSync(`dist/${folder}`).map((file) => `/${folder}/${file}`)).filter((file) => !file.endsWith('.txt') && !online.test(file))
const files = ['/', '/icon.svg', ...named]
const name = `shell-${createHash('sha256').update(readFileSync('dist/index.html')).update(named.join()).digest('hex').slice(0, 12)}`

const { output } = await build({
  configFile: false,
  logLevel: 'warn',
  resolve: { alias: { $lib: fileURLToPath(new URL('../src/lib', import.meta.url)) } },
  build: { write: false, target: ['chrome87', 'safari14'], modulePreload: false, rolldownOptions: { input: 'worker.js', output: { format: 'iife' } } },
})
writeFileSync('dist/sw.js', `const shell=${JSON.stringify({ name, files })};${output[0].code}`)
