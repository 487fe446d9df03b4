import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The apps of the desk; the learner's is index. */
const entries = ['studio', 'hr', 'admin']

// The learner's app is built by itself, and the others with --mode desk: built
// together, they would share chunks that hold more than a phone needs.
export default defineConfig(({ mode }) => ({
  plugins: [
    svelte(),
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
    target: ['es2020', 'chrome87', 'safari14'],
    rollupOptions: {
      input: (mode === 'desk' ? entries : ['index']).map((name) => here(`./${name}.html`)),
      output: { chunkFileNames: 'assets/[name]-[hash:7].js' }, // the first page names them all, and hashes do not compress
    },
    emptyOutDir: mode !== 'desk',
    copyPublicDir: mode !== 'desk',
    chunkSizeWarningLimit: 600,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/media': 'http://127.0.0.1:8080' } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
}))
