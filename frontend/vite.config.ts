import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The apps of the desk; the learner's is index. */
const entries = ['studio', 'hr', 'admin']

type Modules = { getModuleInfo(id: string): { isEntry: boolean; importers: readonly string[] } | null }

/** The chunk of what the first page needs: one file comes sooner than seven that wait for each other's connections. */
function first(id: string, modules: Modules, seen = new Set<string>()): string | null {
  if (seen.has(id) || id.includes('/messages/messages')) return null
  seen.add(id)
  const module = modules.getModuleInfo(id)
  if (!module) return null
  return module.isEntry || module.importers.some((by) => first(by, modules, seen)) ? 'first' : null
}

/** The chunk of what packs need: each chunk's name stands in the first. */
const packs = (id: string) => (/\/packs\/|\/offline\/(choice|download|packs|parts)\b/.test(id) ? 'packs' : null)

/** Dates, times and sizes, which the first page needs soon and packs need too. */
const words = (id: string) => (/\/lib\/words\b/.test(id) ? 'words' : null)

// The learner's app is built by itself, and the others with --mode desk: built
// together, they would share chunks that hold more than a phone needs.
export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
    // Nothing is painted before the module has put on what the device's owner chose.
    { name: 'unflashed', transformIndexHtml: { order: 'post', handler: (html) => html.replace('type="module"', 'type="module" blocking="render"') } },
    {
      name: 'entries',
      configureServer(server) {
        server.middlewares.use((request, _, next) => {
          const first = request.url?.split(/[/?]/)[1] ?? ''
          if (entries.includes(first)) request.url = `/${first}.html`
          next()
        })
      },
    },
  ],
  resolve: { alias: { $lib: here('./src/lib'), $player: here('./src/player') } },
  build: {
    target: ['chrome87', 'safari14'],
    rolldownOptions: {
      input: (mode === 'desk' ? entries : ['index']).map((name) => here(`./${name}.html`)),
      // The first page names every chunk by its hash, and a hash does not compress: in hex it has a third less to say.
      output: { hashCharacters: 'hex', codeSplitting: mode === 'desk' || { groups: [{ name: first, debugName: 'first' }, { name: words, debugName: 'words' }, { name: packs, debugName: 'packs' }] } },
    },
    emptyOutDir: mode !== 'desk',
    copyPublicDir: mode !== 'desk',
    chunkSizeWarningLimit: 600,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/media': 'http://127.0.0.1:8080', '/lich': 'http://127.0.0.1:8080' } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
}))
