// What a learner does reaches the server whatever happens on the way: to the network,
// the server, the clock, the browser, the session and what the device keeps. Each
// schedule of faults is random, and is told by its number and the seed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MongoClient } from 'mongodb'
import { as, asking, look, password, phone, signIn, start, until } from './world.mjs'

const seed = Number(process.env.HAIDANG_SEED ?? Math.floor(Math.random() * 1e9))
const schedules = Number(process.env.HAIDANG_SCHEDULES ?? 15)
const title = 'Đồng bộ ở đảo'

let world
let log // what the server says that it received
let course
before(async () => {
  world = await start()
  log = (await MongoClient.connect(world.mongo)).db('haidang').collection('eventlog')
  course = await published()
})
after(async () => {
  await log?.s.db.client?.close()
  await world?.stop()
})

/** Small, fast, repeatable: the same seed gives the same faults. */
function random(seed) {
  let a = seed >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return { below: (n) => Math.floor(next() * n), of: (list) => list[Math.floor(next() * list.length)] }
}

const ask = (page, ...what) => asking(world, page)(...what)

/** A course with an article and a document for each schedule and two more; gives where it is. */
async function published() {
  const author = await as(world, 'tacgia')
  const notice = (await ask(author, 'get', '/api/studio/courses')).items.find((c) => c.title.includes('129-TB/TU'))
  const pdf = (await ask(author, 'get', `/api/studio/courses/${notice.id}`)).assets.find((a) => a.kind === 'document')
  const draft = await ask(author, 'post', '/api/studio/courses', { code: 'DONGBO-01', title, owner: 'SNV' })
  const blocks = [{ type: 'paragraph', text: [{ text: 'Ghi sổ trong ngày.' }] }]
  const lessons = Array.from({ length: schedules + 2 }, (_, i) => [
    { id: crypto.randomUUID(), kind: 'article', title: `Bài đọc ${i}`, minutes: 1, blocks },
    { id: crypto.randomUUID(), kind: 'document', title: `Văn bản ${i}`, minutes: 1, asset: pdf.id },
  ])
  const content = { ...draft.content, summary: 'Học khi mạng hỏng.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '129-TB/TU', verified: true }], modules: Array.from({ length: Math.ceil(lessons.length / 4) }, (_, i) => ({ id: '', title: `Phần ${i}`, tiet: 0, lessons: lessons.slice(4 * i, 4 * i + 4).flat() })) }
  content.modules[0].tiet = 1
  const path = `/api/studio/courses/${draft.card.id}`
  const saved = await ask(author, 'put', path, { revision: draft.revision, content })
  const reviewer = await as(world, 'thamdinh')
  let now = await ask(author, 'post', `${path}/review`, { revision: saved.revision })
  for (let i = 0; now.review.step !== 'ready' && i < 9; i++) now = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await ask(author, 'post', `${path}/versions`, { revision: now.revision })
  await Promise.all([author.context().close(), reviewer.context().close()])
  return { id: draft.card.id, lessons: lessons.map(([article, paper]) => ({ article: article.id, paper: paper.id })) }
}

/** Tells of every event that the device's database has durably, and sets the page's clock wrong. */
function watch(skew) {
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === 'events') this.transaction.addEventListener('complete', () => console.debug(`kept ${JSON.stringify(value.event)}`))
    return put.call(this, value, key)
  }
  if (!skew) return
  const Right = Date
  globalThis.Date = class extends Right {
    constructor(...at) {
      super(...(at.length ? at : [Right.now() + skew]))
    }
    static now() {
      return Right.now() + skew
    }
  }
}

/** A phone of the learner, and what happens to it. */
class Device {
  trouble = [] // of the next requests that bring events
  skew = 0
  offline = false
  kept = [] // events that its database had

  constructor(name) {
    this.name = name
  }

  async boot() {
    this.context = await world.kept(this.name, phone)
    await this.context.setOffline(this.offline)
    await this.context.route('**/api/learning/events', (route) => this.answer(route).catch(() => {}))
    await this.tab()
  }

  /** A new tab in place of the one that there was. */
  async tab() {
    const page = await this.context.newPage()
    page.setDefaultTimeout(15_000)
    page.on('console', (m) => m.text().startsWith('kept ') && this.kept.push(JSON.parse(m.text().slice(5))))
    await page.addInitScript(watch, this.skew)
    await this.page?.close().catch(() => {})
    this.page = page
  }

  async answer(route) {
    const problem = (status, code) => route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ status, code, title: code, requestId: 'r' }) })
    switch (this.trouble.shift()) {
      case 'fault': return problem(500, 'request.fault')
      case 'busy': return route.fulfill({ status: 503, body: 'busy' })
      case 'cut': return route.abort('connectionreset')
      case 'unheard': await route.fetch(); return route.abort('connectionreset')
      case 'half': {
        const response = await route.fetch()
        const body = await response.text()
        return route.fulfill({ response, body: body.slice(0, body.length / 2) })
      }
      case 'stalled': return
      case 'twice': await route.fetch(); return route.fulfill({ response: await route.fetch() })
    }
    return route.continue()
  }

  /** Opens a lesson, signing in where that is needed and possible; says whether the learner has it. */
  async go(lesson) {
    await this.page.goto(`${world.url}/khoa-hoc/${course.id}/${lesson}`)
    const main = this.page.locator('main')
    const here = main.getByRole('link', { name: title }) // above the lesson
    const none = main.getByLabel('Tên đăng nhập').or(main.getByText('Bạn chưa bắt đầu khóa học này')).or(main.getByText('Không có kết nối mạng.'))
    await here.or(none).first().waitFor()
    if (!(await none.first().isVisible())) return true
    if (this.offline) return false
    await this.enter('hocvien')
    await this.page.goto(`${world.url}/khoa-hoc/${course.id}/${lesson}`)
    await here.waitFor()
    return true
  }

  /** Does what makes an event, and waits until the device has it. */
  async does(kind, button) {
    const had = this.kept.length
    if (!(await button.isVisible()) || !(await button.isEnabled())) return
    // The other device may have sent meanwhile that the article is read.
    if (!(await button.click({ timeout: 3000 }).then(() => true, async (error) => ((await button.isVisible()) ? Promise.reject(error) : false)))) return
    await until(`${this.name} keeps that it ${kind}`, () => this.kept.slice(had).some((e) => e.kind === kind))
  }

  read = async (of) => {
    if (!(await this.go(of.article))) return
    await this.does('read', this.page.getByRole('button', { name: 'Tôi đã đọc xong' }))
  }
  turn = async (of, pages) => {
    if (!(await this.go(of.paper))) return
    const next = this.page.getByRole('button', { name: 'Trang sau' })
    await next.waitFor()
    for (let i = 0; i < pages; i++) await this.does('paged', next)
  }
  network = async (there) => {
    this.offline = !there
    await this.context.setOffline(!there)
  }
  kill = async () => {
    await world.killed(this.name, this.context)
    this.page = undefined
    await this.boot()
  }
  /** The page thinks that there is a network again. */
  poke = async () => {
    const answered = this.page.waitForResponse('**/api/learning/events', { timeout: 2000 }).catch(() => {})
    await this.page.evaluate(() => dispatchEvent(new Event('online')))
    await answered
  }
  enter = async (username) => {
    if (this.offline) return
    await ask(this.page, 'post', '/api/session', { username, password })
  }
}

const faults = ['fault', 'busy', 'cut', 'unheard', 'half', 'twice']
const day = 86_400_000

/** One step of a schedule; gives what it was. */
async function step(dice, device, of) {
  const what = dice.of(['read', 'turn', 'turn', 'turn', 'network', 'network', 'trouble', 'trouble', 'kill', 'clock', 'revoked', 'another'])
  switch (what) {
    case 'read': await device.read(of); return what
    case 'turn': { const n = 1 + dice.below(3); await device.turn(of, n); return `${what} ${n}` }
    case 'network': await device.network(device.offline); return device.offline ? 'away' : 'back'
    case 'trouble': { const list = Array.from({ length: 1 + dice.below(3) }, () => dice.of(faults)); device.trouble.push(...list); return list.join('+') }
    case 'kill': await device.kill(); return what
    case 'clock': await device.network(false); device.skew = dice.of([-2, 0, 2]) * day; await device.tab(); await device.turn(of, 1); return `${what} ${device.skew / day}`
    default: // while something waits
      device.trouble = ['busy']
      await device.turn(of, 1)
      if (device.offline) return `${what} in vain`
      await (what === 'revoked' ? device.page.request.delete(`${world.url}/api/sessions`) : device.enter('lanhdao'))
      await device.poke()
      return what
  }
}

/** Everything is well again: what waits goes. */
async function healed(device) {
  device.trouble = []
  device.skew = 0
  await device.network(true)
  await device.tab()
  await device.enter('hocvien')
  await device.page.goto(`${world.url}/dong-bo`)
  await device.page.getByText('Mọi thứ đã được máy chủ ghi nhận.').waitFor()
  assert.equal(await device.page.getByRole('heading', { name: 'Máy chủ không nhận' }).count(), 0, 'something was refused')
}

/** What the server must know of a lesson by the events that it has. */
function model(events, lesson) {
  const mine = events.filter((e) => e.lesson === lesson)
  return { read: mine.some((e) => e.kind === 'read'), pages: Math.max(0, ...mine.filter((e) => e.kind === 'paged').map((e) => e.page)) }
}

/** Every event that a device kept is in the log, has its receipt, and what is known of the lessons follows from the log. */
async function checked(devices, of) {
  const lessons = [of.article, of.paper]
  const all = await log.aggregate([{ $unwind: '$deliveries' }, { $unwind: '$deliveries.events' }, { $replaceRoot: { newRoot: '$deliveries.events' } }, { $match: { lesson: { $in: lessons } } }]).toArray()
  const events = [...new Map(all.map((e) => [e.id, e])).values()]
  const logged = new Set(events.map((e) => e.id))
  const kept = devices.flatMap((d) => d.kept)
  assert.deepEqual(kept.filter((e) => !logged.has(e.id)), [], 'events are lost')
  for (const e of events) assert.ok(e.at.getTime() < Date.now() + 5000 && e.at.getTime() > began, `${e.at.toISOString()} cannot be when it happened`)
  const page = devices[0].page
  for (const { id } of events) {
    const { items } = await ask(page, 'get', `/api/learning/deliveries?code=${id.slice(-8)}`)
    assert.ok(items.some((d) => d.events.some((e) => e.id === id)), `${id} has no receipt`)
  }
  const { enrolment } = await ask(page, 'get', `/api/courses/${course.id}`)
  for (const lesson of lessons) {
    const { read, pages } = enrolment.lessons.find((l) => l.lesson === lesson)
    assert.deepEqual({ read, pages }, model(events, lesson))
  }
  return events.length
}

/** A device that has the course. */
async function ready(name) {
  const d = new Device(name)
  await d.boot()
  await d.page.goto(world.url)
  await signIn(d.page, 'hocvien')
  await ask(d.page, 'post', `/api/courses/${course.id}/enrolment`)
  await d.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
  await d.page.goto(`${world.url}/khoa-hoc/${course.id}`)
  await d.page.getByText(/^Tải về để học khi mất mạng \(/).click()
  await d.page.getByRole('button', { name: /^Tải về \(/ }).click()
  await d.page.getByText(/^Đã tải về để học khi mất mạng/).waitFor({ timeout: 60_000 })
  return d
}

let began

test(`${schedules} random schedules of faults lose nothing and double nothing`, { timeout: 1_200_000 }, async (t) => {
  t.diagnostic(`HAIDANG_SEED=${seed}`)
  const devices = [await ready('one'), await ready('two')]
  began = Date.now() - 600_000 // devices are off by days
  let events = 0
  for (let i = 1; i <= schedules; i++) {
    const dice = random(seed + i)
    const done = []
    try {
      for (const d of devices) d.kept = []
      for (let n = 5 + dice.below(4); n > 0; n--) {
        const d = dice.of(devices)
        done.push(`${d.name} ${await step(dice, d, course.lessons[i])}`)
      }
      await Promise.all(devices.map(healed))
      events += await checked(devices, course.lessons[i])
    } catch (error) {
      error.message = `schedule ${i} of HAIDANG_SEED=${seed} (${done.join(', ')}): ${error.message}`
      throw error
    }
  }
  t.diagnostic(`${events} events`)
})

const count = (id) => log.countDocuments({ 'deliveries.events.id': id })

test('a page says what waits, what is recorded and what to do, and the help desk finds a receipt', async () => {
  const d = await ready('told')
  await d.network(false)
  await d.read(course.lessons[0])
  const { page } = d
  await page.getByRole('link', { name: /^Mất mạng · \d+ mục đã lưu trên máy$/ }).click()
  await page.getByText(/^Đang mất mạng\. \d+ mục đã lưu trên máy/).waitFor()
  await page.getByText('Bài đọc 0').waitFor()
  await look(page, 'sync-offline')
  await page.setViewportSize(phone)

  await page.request.delete(`${world.url}/api/sessions`)
  await d.network(true)
  await page.getByText(/^Phiên đăng nhập đã hết\. Phần đã học vẫn nằm trên máy này/).waitFor()
  await look(page, 'sync-signed-out')
  await page.setViewportSize(phone)
  await page.getByRole('link', { name: 'Đã lưu trên máy · Đăng nhập' }).click()
  await page.getByLabel('Tên đăng nhập').fill('hocvien')
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByText('Mọi thứ đã được máy chủ ghi nhận.').waitFor()
  const { id } = d.kept.find((e) => e.kind === 'read')
  await page.getByText(`mã ${id.slice(-8)}`).waitFor()
  await page.getByLabel('Mã biên nhận').fill(id.slice(-8))
  await page.getByRole('button', { name: 'Tra' }).click()
  await page.getByText(`Máy chủ đã nhận mã ${id.slice(-8)} lúc`).waitFor()
  await look(page, 'sync-recorded')
  await page.setViewportSize(phone)

  const me = await ask(page, 'get', '/api/me')
  const desk = await as(world, 'nhansu')
  await desk.goto(`${world.url}/hr/nguoi/${me.personId}`)
  await desk.getByLabel('Mã biên nhận').fill('0000000g')
  await desk.getByRole('button', { name: 'Tra' }).click()
  await desk.getByText('Mã biên nhận gồm tám ký tự').waitFor()
  await desk.getByLabel('Mã biên nhận').fill(id.slice(-8).toUpperCase())
  await desk.getByRole('button', { name: 'Tra' }).click()
  await desk.getByText('Đã đọc xong').waitFor()
  await look(desk, 'receipt-at-the-help-desk')
  await Promise.all([desk.context().close(), d.context.close()])
})

test('a connection that stalls is given up after a minute, by what sends and by what asks, and one that breaks off at once', async () => {
  const d = await ready('stalled')
  const { page } = d
  await page.clock.install()
  d.trouble = ['stalled']
  await d.turn(course.lessons[schedules + 1], 1)
  await page.getByText('Đang gửi…').waitFor()
  await page.clock.fastForward('00:50')
  assert.ok(await page.getByText('Đang gửi…').isVisible())
  await page.clock.fastForward('00:11')
  await page.getByText(/^Mất mạng · \d+ mục đã lưu trên máy$/).waitFor()
  await page.clock.fastForward('00:02')
  await page.getByText(/^Đã ghi nhận/).waitFor()

  await page.route('**/api/record*', () => {}, { times: 1 })
  await page.goto(`${world.url}/ho-so`)
  await page.getByText('Đang tải…').waitFor()
  await page.clock.fastForward('01:01')
  await page.getByText(/^Không có kết nối mạng/).waitFor()
  await page.getByRole('button', { name: 'Thử lại' }).click()
  await page.getByText('Đang tải…').waitFor({ state: 'hidden' })
  assert.equal(await page.getByText(/^Không có kết nối mạng/).count(), 0)

  await page.route('**/api/record*', (route) => route.fulfill({ contentType: 'application/json', body: '{"items":[{"ti' }), { times: 1 })
  await page.goto(`${world.url}/ho-so`)
  await page.getByText(/^Không có kết nối mạng/).waitFor()

  await page.route('**/api/courses/*', () => {}, { times: 1 })
  await page.goto(`${world.url}/khoa-hoc/${course.id}`)
  await page.getByText('Đang tải…').waitFor()
  await page.clock.fastForward('00:11')
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await page.getByText(/^Đang mất mạng\. Trang này lấy từ máy/).waitFor()
  await d.context.close()
})

test('what the browser deletes, does not keep or sends by itself is not lost', async () => {
  const d = new Device('told')
  await d.boot()
  const { page, context } = d
  const devtools = await context.newCDPSession(page)
  const { paper } = course.lessons[0]
  await page.goto(`${world.url}/khoa-hoc/${course.id}/${paper}`)
  const next = page.getByRole('button', { name: 'Trang sau' })
  await page.getByText(/^Đã ghi nhận/).waitFor()

  await d.network(false)
  await d.does('paged', next)
  const [gone] = d.kept.slice(-1)
  await devtools.send('Storage.clearDataForOrigin', { origin: world.url, storageTypes: 'indexeddb' })
  await d.network(true)
  await until('it comes out of the memory of the page', () => count(gone.id))

  await d.network(false)
  await page.evaluate(() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') } })
  await next.click()
  await page.getByRole('link', { name: /^Mất mạng/ }).click()
  await page.getByText('Trình duyệt không lưu được trên máy này.').waitFor()
  await look(page, 'sync-unkept')
  await page.setViewportSize(phone)
  await d.network(true)
  await page.getByText('Mọi thứ đã được máy chủ ghi nhận.').waitFor()

  await page.goto(`${world.url}/khoa-hoc/${course.id}/${paper}`)
  await page.getByText(/^Đã ghi nhận/).waitFor()
  d.trouble = Array(99).fill('busy') // for the page, and not for the worker
  await d.does('paged', next)
  const [left] = d.kept.slice(-1)
  await context.newPage()
  await page.close()
  await until('the worker sends it, with no page open', () => count(left.id))
  await context.close()
})
