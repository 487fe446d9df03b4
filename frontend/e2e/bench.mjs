// Measures what a learner on an old phone waits for, in Chromium: part of `make bench`.
import { contextOf, opened, password, phone, signIn, start } from './world.mjs'

const rounds = 5
const slow3G = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 } // 400 kbit/s
const world = await start()
const rows = []

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1]
function row(work, list, unit, budget) {
  const middle = median(list)
  rows.push([work, `${middle} ${unit}`, `${Math.min(...list)}–${Math.max(...list)}`, `≤ ${budget} ${unit}`, middle <= budget ? 'met' : 'MISSED'])
}

/** A page whose network and processor are as slow as asked. */
async function slowed(context, network, cpu) {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  if (network) {
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', network)
  }
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpu })
  return page
}

/** The first visit of somebody who is signed in, with nothing of the app on the device. */
async function firstPage() {
  const painted = []
  const moved = []
  const signedIn = await contextOf(world, { viewport: phone })
  await signedIn.request.post(`${world.url}/api/session`, { data: { username: 'hocvien', password } })
  const storageState = await signedIn.storageState()
  for (let i = 0; i < rounds; i++) {
    const context = await contextOf(world, { viewport: phone, storageState })
    const page = await slowed(context, slow3G, 6)
    await page.addInitScript(() => {
      globalThis.seen = { lcp: 0, cls: 0, what: '' }
      new PerformanceObserver((list) => { for (const e of list.getEntries()) Object.assign(globalThis.seen, { lcp: e.startTime, what: e.element?.tagName }) }).observe({ type: 'largest-contentful-paint', buffered: true })
      new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) globalThis.seen.cls += e.value }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(world.url, { timeout: 60_000 })
    await page.getByRole('heading', { name: 'Tất cả khóa học' }).waitFor({ timeout: 60_000 })
    await page.waitForTimeout(1500)
    const { lcp, cls } = await page.evaluate(() => globalThis.seen)
    painted.push(Math.round(lcp))
    moved.push(Math.round(cls * 1000) / 1000)
    await context.close()
  }
  row('first page, 400 kbit/s and 400 ms, CPU × 6: largest paint', painted, 'ms', 2500)
  row('the same: how far things moved', moved, '', 0.05)
}

/** Events of days without a network go as soon as there is one. */
async function sync() {
  const took = []
  const context = await world.kept('sync', phone)
  const page = await opened(world, context)
  await signIn(page, 'hocvien')
  const courses = await (await page.request.get(`${world.url}/api/courses`)).json()
  const enrolment = await (await page.request.post(`${world.url}/api/courses/${courses.items[0].id}/enrolment`)).json()
  const me = await (await page.request.get(`${world.url}/api/me`)).json()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  for (let i = 0; i < rounds; i++) {
    await page.evaluate(([person, enrolment, lesson]) => new Promise((done, failed) => {
      const asked = indexedDB.open('haidang', 2)
      asked.onerror = failed
      asked.onsuccess = () => {
        const tx = asked.result.transaction('events', 'readwrite')
        for (let n = 0; n < 500; n++) {
          const id = crypto.randomUUID()
          const at = new Date(Date.now() - n * 10_000).toISOString()
          tx.objectStore('events').put({ person, event: { id, enrolment, lesson, kind: 'opened', at, offline: true }, ahead: 0, heard: 0, title: 'Bài' }, id)
        }
        tx.oncomplete = done
      }
    }), [me.personId, enrolment.id, enrolment.lessons[0].lesson])
    await devtools.send('Network.emulateNetworkConditions', { ...slow3G, latency: 0 })
    took.push(await page.evaluate(() => new Promise((done) => {
      const from = performance.now()
      const left = () => {
        const asked = indexedDB.open('haidang', 2)
        asked.onsuccess = () => {
          const count = asked.result.transaction('events').objectStore('events').count()
          count.onsuccess = () => (asked.result.close(), count.result === 0 ? done(Math.round(performance.now() - from)) : setTimeout(left, 10))
        }
      }
      dispatchEvent(new Event('online'))
      left()
    })))
    await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  }
  row('500 events of an outbox at 400 kbit/s', took, 'ms', 1000)
  await context.close()
}

/** A lesson of a pack, in flight mode. */
async function lesson() {
  const took = []
  const context = await world.kept('pack', phone)
  const page = await opened(world, context)
  await signIn(page, 'hocvien')
  const courses = await (await page.request.get(`${world.url}/api/courses`)).json()
  const { id } = courses.items[0]
  await page.request.post(`${world.url}/api/courses/${id}/enrolment`)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
  await page.goto(`${world.url}/khoa-hoc/${id}`)
  await page.getByText(/^Tải về để học khi mất mạng \(/).click()
  await page.getByRole('button', { name: /^Tải về \(/ }).click()
  await page.getByText(/^Đã tải về để học khi mất mạng/).waitFor({ timeout: 120_000 })
  await context.setOffline(true)
  const devtools = await context.newCDPSession(page)
  for (let i = 0; i < rounds; i++) {
    await page.goto(`${world.url}/khoa-hoc/${id}`)
    await page.getByText(/^Đang mất mạng\./).waitFor()
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    took.push(await page.evaluate(() => new Promise((done) => {
      const from = performance.now()
      const link = [...document.querySelectorAll('main li a')].at(0)
      new MutationObserver((_, seen) => {
        if (document.querySelector('h1')?.textContent !== link.textContent) return
        seen.disconnect()
        requestAnimationFrame(() => done(Math.round(performance.now() - from)))
      }).observe(document, { childList: true, subtree: true })
      link.click()
    })))
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  }
  row('a lesson of a pack without a network, CPU × 4', took, 'ms', 500)
  await context.close()
}

try {
  for (const part of [firstPage, sync, lesson]) {
    console.error(`measuring ${part.name} …`)
    await part()
  }
  const all = [['in Chromium', `median of ${rounds}`, 'range', 'budget', ''], ...rows]
  const widths = all[0].map((_, i) => Math.max(...all.map((r) => r[i].length)))
  for (const r of all) console.log(r.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd())
} finally {
  await world.stop()
}
