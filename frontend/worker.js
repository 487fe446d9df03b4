// The learner's app, kept on the device, so that it opens without a network. What it
// asks the server is not kept here. `shell`, written before this line by
// scripts/worker.mjs, names a build and its files.

// A new version is taken at the next page; pages that are open still find the files of theirs.
addEventListener('install', (event) => event.waitUntil(caches.open(shell.name).then((cache) => cache.addAll(shell.files)).then(() => self.skipWaiting())))

addEventListener('activate', (event) => event.waitUntil(caches.keys().then((names) => {
  const old = names.filter((name) => name.startsWith('shell-') && name !== shell.name)
  return Promise.all(old.slice(0, -1).map((name) => caches.delete(name)))
})))

const files = /^\/(assets\/|fonts\/|icon\.svg$)/
const others = /^\/(api|media|studio|hr|admin|chia-se)(\/|$)|\.\w+$/

addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return
  if (mode === 'navigate' && !others.test(pathname)) event.respondWith(kept(event.request, '/', shell.name))
  else if (files.test(pathname)) event.respondWith(kept(event.request))
})

/** What the device has of a request, of this build or of any, or else the network's answer. */
async function kept(request, key = request, cacheName = undefined) {
  return (await caches.match(key, { cacheName, ignoreVary: true })) ?? fetch(request)
}
