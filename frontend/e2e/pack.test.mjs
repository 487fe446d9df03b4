// A course is fetched for days without a network, over a connection that breaks in
// every way, and learnt on a phone that was switched off and on again.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, asking, assetOf, desk, look, opened, phone, shot, signIn, start, until, uploaded } from './world.mjs'

let world
let made
before(async () => {
  world = await start()
  made = await published()
})
after(() => world?.stop())

const title = 'Ứng phó bão ở đảo'
const part = 256 * 1024

const ask = (page, ...what) => asking(world, page)(...what)

const text = (words) => [{ text: words }]
const article = (id, name, picture) => ({ id, kind: 'article', title: name, minutes: 3, blocks: [
  { type: 'paragraph', text: text('Trước bão, tàu thuyền vào nơi tránh trú; loa truyền thanh báo mỗi giờ.') },
  { type: 'picture', asset: picture.id, alt: 'Sơ đồ nơi tránh trú bão' },
] })

/** A course with a film, an article with a picture, the demo's PDF and a pre-test; gives what it is made of. */
async function published() {
  const page = await as(world, 'tacgia')
  let film = await uploaded(world, page, 'bao.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=854x480:rate=15:duration=18,noise=alls=30:allf=t', '-f', 'lavfi', '-i', 'sine=duration=18', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast', '-b:v', '1500k', '-maxrate', '1700k', '-bufsize', '1500k', '-c:a', 'aac')
  const pictures = [await uploaded(world, page, 'so-do.png', '-f', 'lavfi', '-i', 'testsrc=size=1200x800', '-frames:v', '1'), await uploaded(world, page, 'so-do-moi.png', '-f', 'lavfi', '-i', 'testsrc2=size=1000x700', '-frames:v', '1')]
  await ask(page, 'put', `/api/assets/${film.id}/captions`, { revision: 0, vtt: 'WEBVTT\n\n00:01.000 --> 00:16.000\nBão cách đảo 200 km\n' })
  const notice = (await ask(page, 'get', '/api/studio/courses')).items.find((c) => c.title.includes('129-TB/TU'))
  const pdf = (await ask(page, 'get', `/api/studio/courses/${notice.id}`)).assets.find((a) => a.kind === 'document')
  await ask(page, 'post', '/api/banks/SNV/items', { topic: 'Bão', difficulty: 'easy', type: 'true_false', text: 'Cấp 12 mạnh hơn cấp 8.', true: true })
  const [video, read, paper, quiz] = Array.from({ length: 4 }, () => crypto.randomUUID())
  const draft = await ask(page, 'post', '/api/studio/courses', { code: 'BAO-01', title, owner: 'SNV' })
  const content = { ...draft.content, summary: 'Việc cần làm trước, trong và sau bão.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '129-TB/TU', verified: true }], modules: [{ id: '', title: 'Trước bão', tiet: 1, lessons: [
    { id: video, kind: 'video', title: 'Phim: bão vào đảo', minutes: 1, asset: film.id, coverage: 1000 },
    article(read, 'Việc cần làm', pictures[0]),
    { id: paper, kind: 'document', title: 'Văn bản chỉ đạo', minutes: 5, asset: pdf.id },
    { id: quiz, kind: 'quiz', title: 'Kiểm tra trước', minutes: 5, paper: { bank: 'SNV', draws: [{ topic: 'Bão', count: 1 }], shuffle: true, passBp: 6000, excuses: [read] } },
  ] }] }
  const path = `/api/studio/courses/${draft.card.id}`
  const saved = await ask(page, 'put', path, { revision: draft.revision, content })
  await released(page, path, saved)
  await until('the film has its forms', async () => (film = await assetOf(world, page, film.id)).renditions?.some((r) => r.name === '480p'), 120_000)
  await page.context().close()
  return { id: draft.card.id, path, film, pictures, lessons: { video, read, paper, quiz } }
}

/** Has a draft reviewed and publishes it. */
async function released(page, path, draft, decision = {}) {
  const reviewer = await as(world, 'thamdinh')
  let now = await ask(page, 'post', `${path}/review`, { revision: draft.revision, ...decision })
  for (let i = 0; now.review.step !== 'ready' && i < 9; i++) now = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await ask(page, 'post', `${path}/versions`, { revision: now.revision })
  await reviewer.context().close()
}

async function seen(page, name) {
  if (process.env.HAIDANG_SHOTS) {
    await page.setViewportSize(desk)
    await shot(page, name)
    await page.setViewportSize(phone)
    await shot(page, name)
  }
}

/** Looks at both sizes, and goes on with the phone's. */
async function looked(page, name) {
  await look(page, name)
  await page.setViewportSize(phone)
}

/** What the network does to parts of the film: fulfils, or fails in the way that is asked for, once. */
async function network(context) {
  const came = [] // files and parts that arrived whole
  const trouble = new Map() // by part of the film
  const held = new Set()
  await context.route('**/media/**', async (route) => {
    const { pathname } = new URL(route.request().url())
    const from = Number(/bytes=(\d+)-/.exec(route.request().headers().range ?? '')?.[1] ?? 0)
    const what = `${pathname} ${from / part}`
    const wrong = pathname.endsWith('/480p.mp4') ? trouble.get(from / part) : undefined
    if (wrong) {
      trouble.delete(from / part)
      if (wrong === 'busy') return route.fulfill({ status: 503, body: 'busy' })
      if (wrong === 'half') {
        const whole = await route.fetch()
        return route.fulfill({ status: 206, headers: { 'content-range': whole.headers()['content-range'], etag: whole.headers().etag }, body: (await whole.body()).subarray(0, part / 2) })
      }
      held.add(what)
      await wrong.until
      held.delete(what)
    }
    await route.continue().then(() => came.push(what), () => {})
  })
  return { came, trouble, held }
}

const gate = () => {
  let open
  return { until: new Promise((go) => (open = go)), open }
}

/** Until the device has the app, which opens without a network from then on. */
const installed = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
/** What only a network that is away, or a server that is not well, makes a browser say. */
const faults = (page) => page.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 503/.test(f))

let context
let page
const courseUrl = () => `${world.url}/khoa-hoc/${made.id}`

/** Opens the phone's browser at an address. */
async function at(url, offline = false) {
  context = await world.kept('island', phone)
  if (offline) await context.setOffline(true)
  page = await opened(world, context)
  await page.goto(url)
}

test('a course is fetched over a connection that breaks, and nothing is fetched twice', async (t) => {
  await at(world.url)
  await signIn(page, 'hocvien')
  await ask(page, 'post', `/api/courses/${made.id}/enrolment`)
  await installed(page)
  const { came, trouble, held } = await network(context)
  await page.goto(courseUrl())
  await page.getByText(/^Tải về để học khi mất mạng \(\d/).click()
  await page.getByLabel('Dạng phim tải về').selectOption('480p')
  await page.getByText('Tải 4/4 bài học').click()
  await looked(page, 'pack-offer')
  const size = made.film.renditions.find((r) => r.name === '480p').bytes
  const last = Math.ceil(size / part) - 1
  t.diagnostic(`the film has ${last + 1} parts`)
  assert.ok(last >= 5)

  const hold = gate()
  trouble.set(1, 'busy').set(2, 'half').set(3, hold)
  await page.getByRole('button', { name: /^Tải về \(/ }).click()
  await page.getByText('Máy chủ chưa trả lời được').waitFor()
  await until('it goes on by itself', () => held.size > 0)
  await until('everything else is here', () => came.some((w) => w.endsWith('/p1.txt 0')))
  await looked(page, 'pack-loading')
  await page.getByRole('button', { name: 'Dừng tải' }).click()
  await page.getByText(/^Trên máy mới có \d/).waitFor()
  await seen(page, 'pack-stopped')
  hold.open()
  await context.close()

  await at(courseUrl())
  const second = await network(context)
  const full = gate()
  second.trouble.set(4, full)
  await page.getByRole('button', { name: 'Tải tiếp' }).click()
  await until('the next part is on its way', () => second.held.size > 0)
  const devtools = await context.newCDPSession(page)
  const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin: world.url })
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: world.url, quotaSize: usage + 1000 })
  full.open()
  await page.getByText('Máy hết chỗ khi đang tải.').waitFor()
  await looked(page, 'pack-full')
  // Browsers do not tell the override; what they do tell is heeded before the first byte.
  await page.evaluate(() => { const { estimate } = StorageManager.prototype; navigator.storage.estimate = async () => { delete navigator.storage.estimate; return { ...(await estimate.call(navigator.storage)), quota: 0 } } })
  await page.getByRole('button', { name: 'Tải tiếp' }).click()
  await page.getByText(/^Máy không đủ chỗ: cần \d/).waitFor()
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: world.url })
  await page.getByRole('button', { name: 'Tải tiếp' }).click()
  await page.getByText(/^Đã tải về để học khi mất mạng \(/).waitFor()
  await seen(page, 'pack-here')

  const all = [...came, ...second.came].filter((w) => !w.endsWith('.vtt 0'))
  const twice = all.filter((w, i) => all.indexOf(w) !== i)
  // The part that found no room had come, and the one that was stopped may have.
  assert.deepEqual(twice.filter((w) => !/480p\.mp4 [34]$/.test(w)), [])
  assert.equal(new Set(all.filter((w) => w.includes('480p.mp4'))).size, last + 1)
  assert.ok(!all.some((w) => /240p|audio|720p/.test(w)))
  await page.goto(`${world.url}/tren-may`)
  await page.getByText('Đã tải xong').waitFor()
  await looked(page, 'on-this-device')
  // A quiz begins with a network; what it asks is then on the device, too.
  await page.goto(`${courseUrl()}/${made.lessons.quiz}`)
  await page.getByRole('button', { name: 'Bắt đầu làm bài' }).click()
  await page.getByRole('radio', { name: 'Đúng' }).waitFor()
  assert.deepEqual(faults(page), [])
  await world.killed('island', context)
})

/** Ends the browser as a phone without power does, and opens it again without a network. */
async function killed(lesson) {
  await world.killed('island', context)
  await at(`${courseUrl()}/${lesson}`, true)
}

test('it is learnt without a network though the browser is killed three times, and counts when there is one', async (t) => {
  await at(world.url, true)
  await page.getByRole('link', { name: 'Học những gì có trên máy này' }).click()
  await page.getByRole('link', { name: title }).click()
  await page.getByText(/^Đang mất mạng\. Trang này lấy từ máy/).waitFor()
  await looked(page, 'course-without-a-network')

  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const took = await page.evaluate((name) => new Promise((done) => {
    const from = performance.now()
    new MutationObserver((_, seen) => {
      if (!document.querySelector('video')) return
      seen.disconnect()
      requestAnimationFrame(() => done(Math.round(performance.now() - from)))
    }).observe(document, { childList: true, subtree: true })
    ;[...document.querySelectorAll('a')].find((a) => a.textContent === name).click()
  }), 'Phim: bão vào đảo')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  t.diagnostic(`a lesson opened in ${took} ms with the processor four times slower`)

  const video = page.locator('video')
  await until('the film is there', () => video.evaluate((v) => v.readyState >= 1))
  assert.match(await video.evaluate((v) => v.currentSrc), /480p\.mp4$/)
  await video.evaluate((v) => { v.muted = true; v.currentTime = 7; return v.play() })
  await until('it plays behind where it was sought', () => video.evaluate((v) => v.currentTime > 9.5))
  await video.evaluate((v) => v.pause())
  assert.equal(await video.evaluate((v) => v.textTracks[0].cues?.length), 1)
  await looked(page, 'film-without-a-network')
  await page.reload()
  await page.getByText(/^Tiếp tục từ 0:[01]/).waitFor()
  await killed(made.lessons.read)
  await page.getByRole('heading', { name: 'Việc cần làm' }).waitFor()
  await until('the picture is there', () => page.getByRole('img').evaluate((i) => { i.scrollIntoView(); return i.complete && i.naturalWidth > 0 }))
  await page.getByRole('button', { name: 'Tôi đã đọc xong' }).click()
  await page.getByText(/^Mất mạng · [2-9]\d* mục đã lưu trên máy$/).waitFor()
  await killed(made.lessons.paper)
  await page.getByRole('heading', { name: 'Văn bản chỉ đạo' }).waitFor()
  for (let next = page.getByRole('button', { name: 'Trang sau' }); ; await next.click()) {
    await until('the page is there', () => page.locator('main img').evaluate((i) => i.complete && i.naturalWidth > 0))
    if (await next.isDisabled()) break
  }
  await until('its words are there', async () => (await page.locator('main .hidden').textContent()).length > 40)
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Tải về' }).click()
  assert.equal(await (await coming).failure(), null)
  await page.getByRole('link', { name: 'Bài tiếp theo' }).click()
  await page.getByRole('button', { name: 'Làm tiếp' }).click()
  await page.getByRole('radio', { name: 'Đúng' }).check()
  await page.getByText('Đã lưu trên máy', { exact: true }).first().waitFor()
  await seen(page, 'quiz-without-a-network')

  await killed(made.lessons.quiz)
  await page.getByText(/^Mất mạng · \d+ mục đã lưu trên máy$/).waitFor()
  const release = await slowAnswers()
  await page.getByRole('button', { name: 'Làm tiếp' }).click()
  await context.setOffline(false)
  await page.getByText(/^Đang mất mạng\. Trang này/).waitFor({ state: 'detached' })
  await release()
  await page.getByText('Đã trả lời 1/1 câu hỏi').waitFor()
  await page.getByRole('button', { name: 'Nộp bài', exact: true }).click()
  await until('the quiz is handed in', async () => (await ask(page, 'get', `/api/courses/${made.id}`)).enrolment.lessons.at(-1).complete)
  await page.goto(`${courseUrl()}/${made.lessons.paper}`)
  await page.getByText(/^Bạn đã hoàn thành khóa học này/).waitFor()
  await page.getByText(/^Đang mất mạng/).waitFor({ state: 'detached' })
  const { enrolment } = await ask(page, 'get', `/api/courses/${made.id}`)
  assert.deepEqual(enrolment.lessons.map((l) => l.complete), [true, true, true, true])
  await page.goto(`${world.url}/dong-bo`)
  await page.getByText('Mọi thứ đã được máy chủ ghi nhận.').waitFor()
  const events = await received()
  t.diagnostic(`${events.size} events, each with its receipt`)
  for (const l of enrolment.lessons) assert.deepEqual({ watched: l.watched, pages: l.pages, read: l.read }, model([...events.values()].filter((e) => e.lesson === l.lesson)))
})

/** Makes the device slow to read the answers that it keeps, until what this gives is called. */
async function slowAnswers() {
  await page.evaluate(() => new Promise((done) => {
    indexedDB.open('haidang-quiz').onsuccess = ({ target }) => {
      const answers = target.result.transaction('answers', 'readwrite').objectStore('answers')
      const again = () => { if (!window.fast) answers.count().onsuccess = again }
      again()
      done()
    }
  }))
  return () => page.evaluate(() => { window.fast = true })
}

/** Every event that the server has of the learner, by its id. */
async function received() {
  const events = new Map()
  for (let next = ''; next !== undefined; ) {
    const list = await ask(page, 'get', `/api/learning/deliveries?limit=100&after=${next}`)
    for (const e of list.items.flatMap((d) => d.events)) events.set(e.id, e)
    next = list.next
  }
  for (const { id, code } of events.values()) assert.ok(id.endsWith(code))
  return events
}

/** What must be known of a lesson by its events; players leave gaps of up to a second. */
function model(events) {
  const watched = []
  for (const { fromMs = 0, toMs } of events.filter((e) => e.kind === 'watched').sort((a, b) => (a.fromMs ?? 0) - (b.fromMs ?? 0))) {
    const last = watched.at(-1)
    if (last && fromMs <= last[1] + 1000) last[1] = Math.max(last[1], toMs)
    else watched.push([fromMs, toMs])
  }
  return { watched, pages: Math.max(0, ...events.map((e) => e.page ?? 0)), read: events.some((e) => e.kind === 'read') }
}

test('a new version is fetched as far as it is new, and a pack is seen by its own learner alone', async () => {
  const author = await as(world, 'tacgia')
  const draft = await ask(author, 'get', made.path)
  draft.content.modules[0].lessons[1] = article(made.lessons.read, 'Việc cần làm', made.pictures[1])
  await released(author, made.path, await ask(author, 'put', made.path, { revision: draft.revision, content: draft.content }), { class: 'replacement' })
  await author.context().close()
  await page.goto(courseUrl())
  await page.getByRole('button', { name: 'Học phần mới' }).click()
  await page.getByRole('heading', { name: 'Phim: bão vào đảo' }).waitFor()
  const { came } = await network(context)
  await page.goto(courseUrl())
  await page.getByText('Khóa học đã có phiên bản mới').waitFor()
  await seen(page, 'pack-of-an-old-version')
  await page.getByRole('button', { name: 'Cập nhật bản trên máy' }).click()
  await page.getByText(/^Đã tải về để học khi mất mạng \(/).waitFor()
  assert.deepEqual(came.filter((w) => !w.endsWith('.vtt 0')).map((w) => w.split('/')[2]), [made.pictures[1].id])

  await page.getByRole('button', { name: 'Đăng xuất' }).click()
  await page.getByLabel('Tên đăng nhập').waitFor()
  await signIn(page, 'lanhdao')
  await page.goto(`${world.url}/tren-may`)
  await page.getByText('Chưa có khóa học nào trên máy').waitFor()
  await context.setOffline(true)
  await page.goto(courseUrl())
  await page.getByText('Không có kết nối mạng.').waitFor()
  assert.equal(await page.getByText(title).count(), 0)

  // The browser deletes the database but not the cache: what no pack names goes.
  await context.setOffline(false)
  const files = () => page.evaluate(async () => (await (await caches.open('packs')).keys()).length)
  assert.ok((await files()) > 9)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Storage.clearDataForOrigin', { origin: world.url, storageTypes: 'indexeddb' })
  await page.goto(`${world.url}/tren-may`)
  await page.getByText('Chưa có khóa học nào trên máy').waitFor()
  assert.equal(await files(), 0)
})
