import { marked } from '$lib/offline/device'
import { deliver, waiting } from '$lib/offline/events'

// The learner's app, kept on the device, so that it opens without a network. What it
// asks the server is not kept here, but for the files of packs, which pages fetch. `shell`, written before it by
// scripts/worker.mjs, names a build and its files.

// A new version is taken at the next page; pages that are open still find the files of theirs.
addEventListener('install', (event) => event.waitUntil(caches.open(shell.name).then((cache) => cache.addAll(shell.files)).then(() => self.skipWaiting())))

addEventListener('activate', (event) => event.waitUntil(caches.keys().then((names) => {
  const old = names.filter((name) => name.startsWith('shell-') && name !== shell.name)
  return Promise.all(old.slice(0, -1).map((name) => caches.delete(name)))
})))

const files = /^\/(assets\/|fonts\/|icon\.svg$)/
const partOf = (url, n) => caches.match(`${url}?part=${n}`, { cacheName: 'packs' })
const others = /^\/(api|media|studio|hr|admin|chia-se|xac-minh)(\/|$)|\.\w+$/

addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return
  if (mode === 'navigate' && !others.test(pathname)) event.respondWith(kept(event.request, '/', shell.name))
  else if (files.test(pathname)) event.respondWith(kept(event.request))
  else if (pathname.startsWith('/media/') && event.request.cache !== 'no-store') event.respondWith(packed(event.request))
})

/** What the device has of a request, of this build or of any, or else the network's answer. */
async function kept(request, key = request, cacheName = undefined) {
  return (await caches.match(key, { cacheName, ignoreVary: true })) ?? fetch(request)
}

/** A file or a range of it, out of a pack (src/lib/offline/parts.ts) or else from the network. What may change comes from the network first. */
async function packed(request) {
  const find = () => caches.match(request.url, { cacheName: 'packs' })
  if (request.url.endsWith('.vtt')) return fetch(request).catch(async (away) => (await find()) ?? Promise.reject(away))
  const whole = await find()
  return whole ? ranged(request, whole) : fetch(request)
}

/** What a request asks of a kept file. A part that the browser lost comes from the network. */
function ranged({ url, headers: asked }, whole) {
  const size = Number(whole.headers.get('X-Bytes'))
  const part = Number(whole.headers.get('X-Part'))
  const range = /^bytes=(\d+)-(\d*)$/.exec(asked.get('Range') ?? '')
  const last = Math.min(Number(range?.[2] || size - 1), size - 1)
  let at = Number(range?.[1] ?? 0)
  if (at > last) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${size}` } })
  const headers = { 'Content-Type': whole.headers.get('Content-Type'), 'Accept-Ranges': 'bytes', 'Content-Length': last + 1 - at }
  if (range) headers['Content-Range'] = `bytes ${at}-${last}/${size}`
  const body = new ReadableStream({
    async pull(sink) {
      const from = part ? at - (at % part) : 0
      const kept = part ? ((await partOf(url, from / part)) ?? (await fetch(url, { headers: { Range: `bytes=${from}-${from + part - 1}` } }))) : whole
      const bytes = (await kept.arrayBuffer()).slice(at - from, last + 1 - from)
      if (bytes.byteLength === 0) throw new Error('a part is not here')
      sink.enqueue(new Uint8Array(bytes))
      at += bytes.byteLength
      if (at > last) sink.close()
    },
  })
  return new Response(body, { status: range ? 206 : 200, headers })
}

// The browser found a network: what waits goes, even if no page is open. One that is looked at sends by itself.
addEventListener('sync', (event) => {
  if (event.tag === 'outbox') event.waitUntil(sendAll())
})

async function sendAll() {
  const pages = await self.clients.matchAll({ type: 'window' })
  const me = JSON.parse((await marked('me')) || 'null')
  if (!me || pages.some((page) => page.visibilityState === 'visible')) return
  for (let rows; (rows = await waiting(me.personId)).length > 0; ) {
    const receipts = await deliver(me.personId, rows).catch((failure) => {
      if (failure.problem?.status < 500) return undefined // that is for a page to tell
      throw failure // the browser tries again later
    })
    if (!receipts) return
    for (const page of pages) page.postMessage({ receipts })
  }
}

// What is pushed names a course and a page; it is shown even while no page is open.
addEventListener('push', (event) => {
  const { id, body, page } = event.data?.json() ?? {}
  if (body) event.waitUntil(self.registration.showNotification('Hải Đăng', { body, tag: id, icon: '/icon.svg', lang: 'vi', data: page }))
})

addEventListener('notificationclick', (event) => {
  event.notification.close()
  const to = new URL(event.notification.data || '/', location.origin)
  if (to.origin === location.origin) event.waitUntil(self.clients.openWindow(to.href))
})
