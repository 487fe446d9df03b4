// Notices: an organisation asks a learner to go on; the learner finds that in the inbox,
// chooses what comes, has a calendar read by another program, and is told no more when
// the course is done.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import ICAL from 'ical.js'
import { as, asking, contextOf, look, opened, password, phone, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

/** Asks the API as somebody, without a page. */
async function caller(username) {
  const ask = asking(world, await contextOf(world))
  await ask('post', '/api/session', { username, password })
  return ask
}

/** Publishes a course of one article. */
async function published() {
  const [author, reviewer] = [await caller('tacgia'), await caller('thamdinh')]
  let draft = await author('post', '/api/studio/courses', { code: 'TB-01', title: 'Hộ tịch: đăng ký khai sinh quá hạn', owner: 'SNV' })
  const path = `/api/studio/courses/${draft.card.id}`
  draft = await author('put', path, { revision: draft.revision, content: {
    ...draft.content, summary: 'Đăng ký khai sinh.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '60/2014/QH13', verified: true }],
    modules: [{ id: '', title: 'Khai sinh', tiet: 1, lessons: [{ id: '', kind: 'article', title: 'Khai sinh quá hạn', minutes: 45, blocks: [{ type: 'paragraph', text: [{ text: 'Quá sáu mươi ngày thì vẫn đăng ký.' }] }] }] }],
  } })
  draft = await author('post', `${path}/review`, { revision: draft.revision })
  for (let i = 0; draft.review.step !== 'ready' && i < 9; i++) draft = await reviewer('post', `${path}/step`, { action: 'pass' })
  await author('post', `${path}/versions`, { revision: draft.revision })
  return draft.card.id
}

/** The publisher asks those who have not finished to go on. */
async function calls(course) {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio/${course}`)
  const part = page.getByRole('region', { name: 'Nhắc người đang học' })
  await part.getByText('1 người đã bắt đầu và chưa hoàn thành.').waitFor()
  await part.getByLabel('Lời nhắn thêm').fill('Hạn báo cáo là ngày 30/11, mời anh/chị học tiếp.')
  await look(page, 'notices-call')
  await part.getByRole('button', { name: 'Gửi lời nhắc' }).click()
  await part.getByText('Khóa học này nhắc được lại từ').waitFor()
  await until('the call is over', async () => {
    await page.reload()
    await part.getByText('Khóa học này nhắc được lại từ').waitFor()
    return part.getByText('1 người nhận, 0 người không nhận').isVisible()
  })
  await look(page, 'notices-called')
  assert.deepEqual(page.faults, [])
  await page.context().close()
}

/** Reads a calendar with the parser of Thunderbird. */
async function calendar(url) {
  const response = await fetch(url)
  assert.equal(response.status, 200)
  const component = new ICAL.Component(ICAL.parse(await response.text()))
  assert.equal(component.getFirstPropertyValue('x-wr-timezone'), 'Asia/Ho_Chi_Minh')
  const parts = component.getAllSubcomponents().map((part) => ({
    kind: part.name, summary: part.getFirstPropertyValue('summary'), uid: part.getFirstPropertyValue('uid'), url: part.getFirstPropertyValue('url'),
    start: part.getFirstPropertyValue('dtstart')?.toString(), status: part.getFirstPropertyValue('status'),
  }))
  assert.equal(new Set(parts.map((p) => p.uid)).size, parts.length)
  return parts
}

async function subscribes(page, course) {
  await page.getByRole('button', { name: 'Tạo địa chỉ lịch' }).click()
  const url = await page.getByLabel('Địa chỉ lịch', { exact: true }).inputValue()
  await look(page, 'notices-calendar')
  await page.setViewportSize(phone)
  const of = async () => (await calendar(url)).filter((p) => p.summary.includes('khai sinh quá hạn'))
  const [task, ...more] = await of()
  assert.deepEqual([task.kind, task.summary, task.url, task.status, more], ['vtodo', 'Học tiếp “Hộ tịch: đăng ký khai sinh quá hạn”', `${world.url}/khoa-hoc/${course}`, 'IN-PROCESS', []])
  return { url, of }
}

test('a learner is told what waits, as they choose, and no more when it is done', async () => {
  const course = await published()
  const ask = await caller('hocvien')
  const mine = await ask('post', `/api/courses/${course}/enrolment`)
  await calls(course)

  const page = await as(world, 'hocvien', phone)
  await page.getByRole('link', { name: /^\d+ thông báo chưa đọc$/ }).click()
  await page.getByRole('heading', { name: 'Thông báo' }).waitFor()
  const called = page.getByRole('listitem').filter({ hasText: 'nhắc học “Hộ tịch: đăng ký khai sinh quá hạn”' })
  await called.getByText('Hạn báo cáo là ngày 30/11').waitFor()
  assert.ok(await called.getByText('Chưa đọc').isVisible())
  await look(page, 'notices-inbox')
  await page.setViewportSize(phone)
  await called.getByRole('link').click()
  await page.waitForURL(`${world.url}/khoa-hoc/${course}`)
  await until('it is read', async () => !(await ask('get', '/api/notices')).items.some((n) => n.kind === 'call' && !n.read))
  await page.goBack()
  await called.waitFor()
  assert.ok(!(await called.getByText('Chưa đọc').isVisible()))

  await page.getByRole('link', { name: 'Cách nhận thông báo' }).click()
  const fresh = page.getByRole('group', { name: 'Khóa học mới cho vị trí của tôi' }).getByLabel('Hộp thư')
  await fresh.focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Lưu lựa chọn' }).press('Enter')
  await page.getByText('Đã lưu lựa chọn.').waitFor()
  await look(page, 'notices-settings')
  await page.setViewportSize(phone)
  await page.reload()
  await fresh.waitFor()
  assert.ok(!(await fresh.isChecked()))
  assert.ok(await page.getByText('Hệ thống này chưa gửi được thư điện tử.').isVisible())

  const { url, of } = await subscribes(page, course)
  await ask('post', '/api/learning/events', { events: [{ id: crypto.randomUUID(), enrolment: mine.id, lesson: mine.lessons[0].lesson, kind: 'read', at: new Date().toISOString() }] })
  assert.deepEqual((await of()).map((p) => [p.kind, p.summary]), Array(2).fill(['vevent', 'Anh/Chị có dùng điều đã học ở “Hộ tịch: đăng ký khai sinh quá hạn” không?']))
  await page.getByRole('button', { name: 'Thu hồi địa chỉ lịch' }).click()
  await page.getByText('Địa chỉ lịch đã được thu hồi.').waitFor()
  assert.equal((await fetch(url)).status, 404)

  await page.getByRole('link', { name: '‹ Thông báo' }).click()
  await page.getByRole('heading', { name: 'Thông báo', exact: true }).waitFor()
  await page.getByText(/Không có thông báo nào|Đổi cách nhận|Cách nhận thông báo/).first().waitFor()
  await until('what is done is told no more', async () => (await called.count()) === 0)
  assert.deepEqual(page.faults, [])
})

test('a browser shows what is pushed to it once', async () => {
  const context = await world.kept('pushed', phone)
  await context.grantPermissions(['notifications'], { origin: world.url })
  const page = await opened(world, context)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
  const devtools = await context.newCDPSession(page)
  const registered = new Promise((done) => devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [r] }) => r && done(r.registrationId)))
  await devtools.send('ServiceWorker.enable')
  const registrationId = await registered
  const pushed = (data) => devtools.send('ServiceWorker.deliverPushMessage', { origin: world.url, registrationId, data })
  const shown = () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => [n.title, n.body, n.data]))
  // The same again is shown once; a worker that has just come may miss the first.
  await until('it is shown', async () => {
    await pushed(JSON.stringify({ id: 'a', body: 'Mời học tiếp: Hộ tịch', page: '/thong-bao' }))
    return (await shown()).length > 0
  })
  assert.deepEqual(await shown(), [['Hải Đăng', 'Mời học tiếp: Hộ tịch', '/thong-bao']])
  await pushed(JSON.stringify({ id: 'a', body: 'Mời học tiếp: Hộ tịch', page: '/thong-bao' }))
  await pushed(JSON.stringify({ id: 'b', body: 'Khóa học đã thay đổi', page: 'https://example.com/' }))
  await until('the other is shown, too', async () => (await shown()).length === 2)
  await context.close()
})
