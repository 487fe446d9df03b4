import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Pages that the development server answers with each entry. */
const entries = ['studio', 'hr', 'admin']

export default defineConfig({
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
    rollupOptions: { input: ['index', ...entries].map((name) => here(`./${name}.html`)) },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/media': 'http://127.0.0.1:8080' } },
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'] },
})
