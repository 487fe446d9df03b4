// The learner's record: found again, printed, shown by a link; and how the app is
// made easier to read.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { MongoClient } from 'mongodb'
import { as, contextOf, device, flaws, look, opened, phone, shot, signIn, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

/** Gives somebody a working life of completions, which the sequencer then puts into the ledger. */
async function learnt(page, n) {
  const { personId, unit, unitName } = await (await page.request.get(`${world.url}/api/me`)).json()
  const subjects = [['Tiếp công dân và xử lý đơn', 'vi_tri_viec_lam'], ['Bồi dưỡng kỹ năng số cơ bản', 'ky_nang_so'], ['Quản lý nhà nước ngạch chuyên viên', 'quan_ly_nha_nuoc'], ['Kiến thức quốc phòng và an ninh đối tượng 4', 'quoc_phong_an_ninh']]
  const client = await new MongoClient(world.mongo).connect()
  await client.db('haidang').collection('completions').insertMany(Array.from({ length: n }, (_, i) => {
    const [title, knowledge] = subjects[i % subjects.length]
    const at = new Date(Date.now() - (i * 47 + 1) * 86_400_000)
    return {
      _id: randomUUID(), person: personId, course: randomUUID(), version: randomUUID(), courseCode: `HS-${String(i).padStart(2, '0')}`, courseTitle: title,
      issuer: 'SNV', issuerName: 'Sở Nội vụ', knowledge, tiet: 8, unit, unitName, startedAt: at, completedAt: at, salt: randomUUID(), pending: true,
    }
  }))
  await until('all are in the ledger', async () => (await client.db('haidang').collection('completions').countDocuments({ pending: true })) === 0)
  await client.close()
}

test('a record is filtered, printed on A4 and shown by a link until that is taken back', async () => {
  const page = await as(world, 'hocvien')
  await learnt(page, 30)
  await page.goto(`${world.url}/ho-so`)
  const entries = page.locator('.list > li')
  await page.getByLabel('Tên, mã khóa học').fill('ky nang so')
  await until('the words find', async () => (await entries.count()) === 8)
  await page.getByLabel('Năm hoàn thành').selectOption(String(new Date().getFullYear() - 1))
  await until('the year finds', async () => (await entries.count()) < 4)
  await page.getByLabel('Loại kiến thức').selectOption({ label: 'Ngoại ngữ' })
  await page.getByText('Không có khóa học nào khớp.').waitFor()
  await page.getByLabel('Loại kiến thức').selectOption({ label: 'Tất cả' })
  await page.getByLabel('Năm hoàn thành').selectOption({ label: 'Tất cả' })
  await until('the words find', async () => (await entries.count()) === 8)
  await look(page, 'record')

  await page.goto(`${world.url}/ho-so/in`)
  await page.getByText('Cộng: 30 khóa học, 240 tiết.').waitFor()
  await look(page, 'paper')
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true })
  if (process.env.HAIDANG_SHOTS) writeFileSync(join(process.env.HAIDANG_SHOTS, 'paper.pdf'), pdf)
  const sizes = [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((x) => `${Math.round(x[1])}×${Math.round(x[2])}`)
  assert.deepEqual([...new Set(sizes)], ['595×842'])
  await page.emulateMedia({ media: 'print' })
  assert.equal(await page.getByRole('banner').count(), 0)
  await page.emulateMedia({ media: 'screen' })

  await page.goto(`${world.url}/ho-so/chia-se`)
  await page.getByLabel('Gửi cho ai').fill('Phòng Văn hóa - Xã hội')
  await page.getByRole('button', { name: 'Tạo liên kết' }).click()
  await page.getByText('Đã tạo liên kết.').waitFor()
  const link = await page.getByLabel('Liên kết', { exact: true }).inputValue()
  assert.match(link, /\/chia-se#[A-Z2-7]{52}$/)
  await look(page, 'shares')

  const other = await device(world, phone)
  const response = await other.goto(link)
  assert.deepEqual(['cache-control', 'referrer-policy', 'x-robots-tag'].map((name) => response.headers()[name]), ['no-store', 'no-referrer', 'noindex, nofollow'])
  await until('a page of it is there', async () => (await other.locator('.list > li').count()) === 25)
  await look(other, 'shared')
  await page.getByRole('button', { name: 'Thu hồi liên kết: Phòng Văn hóa - Xã hội' }).click()
  await page.getByText('Đã thu hồi.').waitFor()
  await other.reload()
  await other.getByText('Liên kết này không mở được').waitFor()
  assert.deepEqual(await flaws(other), [])
  assert.deepEqual([...page.faults, ...other.faults], [])
  await Promise.all([page, other].map((p) => p.context().close()))
})

/** Stands in for a device's Vietnamese voice, which the browser of the walks lacks: it says what it is told at once. */
function voice() {
  window.spoken = []
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => [{ lang: 'vi-VN', localService: true }],
    cancel: () => {},
    speak: (piece) => { window.spoken.push(piece.text); if (window.spoken.length < 4) setTimeout(() => piece.onend(), 10) },
  })
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis })
}

/** The controls of a page that a finger of 48 px does not hit; a link in a sentence may be small, one over its row is as large as the row. */
const small = (page) => page.evaluate(() => {
  const height = (e) => Math.max(e.getBoundingClientRect().height, parseFloat(getComputedStyle(e, '::after').height) || 0)
  return [...document.querySelectorAll('button, select, input, nav a, .button, li a')]
    .map((e) => (['radio', 'checkbox'].includes(e.type) ? e.closest('label') : e))
    .filter((e) => e.offsetParent && height(e) < 47.5).map((e) => e.outerHTML.slice(0, 80))
})

/** Chooses in the dialog how the app looks. */
async function wear(page, ...names) {
  await page.getByRole('button', { name: 'Cỡ chữ, màu' }).click()
  for (const name of names) await page.getByLabel(name).check()
  await page.getByRole('button', { name: 'Xong', exact: true }).click()
}

test('whoever reads badly has large text, other colours and one task at a time, on each page from its first frame', async () => {
  const context = await contextOf(world, { viewport: phone })
  const page = await opened(world, context)
  await page.getByText('Chữ nhỏ khó đọc?').waitFor()
  assert.deepEqual(await small(page), [])
  await shot(page, 'sign-in')
  await page.getByRole('button', { name: 'Chữ rất to (160 %)' }).click()
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '27.2px')
  await signIn(page, 'hocvien')
  await page.getByText(/^Việc 1 trong \d+ việc$/).waitFor()
  await look(page, 'one-task-huge')
  await page.getByRole('button', { name: 'Việc sau' }).click()
  await page.getByText(/^Việc 2 trong/).waitFor()
  await page.getByRole('link', { name: 'Xem tất cả việc và khóa học' }).click()
  await page.getByRole('heading', { name: 'Tất cả khóa học' }).waitFor()
  await shot(page, 'home-huge')

  const { items } = await (await page.request.get(`${world.url}/api/courses?q=TB129-01`)).json()
  await page.request.post(`${world.url}/api/courses/${items[0].id}/enrolment`, { headers: { 'Content-Type': 'application/json' } })
  const { modules } = await (await page.request.get(`${world.url}/api/courses/${items[0].id}`)).json()
  const article = modules.flatMap((x) => x.lessons).find((x) => x.kind === 'article')
  await page.goto(`${world.url}/khoa-hoc/${items[0].id}`)
  await page.locator('summary', { hasText: 'Các bài học' }).waitFor()
  const link = page.getByRole('link', { name: article.title })
  assert.ok(!(await link.isVisible()))
  await page.locator('summary', { hasText: 'Các bài học' }).click()
  await link.waitFor()
  await look(page, 'course-huge')
  await page.goto(`${world.url}/khoa-hoc/${items[0].id}/${article.id}`)
  await look(page, 'article-huge')
  assert.equal(await page.getByRole('button', { name: 'Đọc to bài này' }).count(), 0) // no voice here

  await page.setViewportSize(phone)
  await wear(page, 'Vừa', 'Nền tối')
  await context.addInitScript(() => requestAnimationFrame(() => { window.first = document.documentElement.className }))
  await context.addInitScript(voice)
  await page.reload()
  await page.getByRole('button', { name: 'Đọc to bài này' }).click()
  await until('sentence after sentence is said', async () => (await page.evaluate(() => window.spoken.length)) === 4)
  await page.getByText(/^Câu 4\//).waitFor()
  assert.equal(await page.evaluate(() => window.first), 'dark')
  await look(page, 'article-dark')
  await page.getByRole('button', { name: 'Dừng đọc' }).click()
  await page.getByRole('button', { name: 'Đọc tiếp' }).waitFor()

  for (const [name, colour] of [['dark', 'Nền tối'], ['contrast', 'Tương phản cao']]) {
    await page.setViewportSize(phone)
    await wear(page, colour)
    await page.goto(`${world.url}/`)
    await page.getByRole('heading', { name: 'Tất cả khóa học' }).waitFor()
    assert.deepEqual(await small(page), [])
    await shot(page, `home-${name}`)
    assert.deepEqual(await flaws(page), [], name)
    await page.goBack()
  }
  await page.getByRole('heading', { name: article.title }).first().waitFor()
  await look(page, 'article-contrast')
  await page.setViewportSize(phone)
  await page.getByRole('button', { name: 'Cỡ chữ, màu' }).click()
  await page.getByRole('dialog').waitFor()
  assert.deepEqual(await small(page), [])
  await shot(page, 'dialog')
  assert.deepEqual(await flaws(page), [])

  const night = await opened(world, await contextOf(world, { viewport: phone, colorScheme: 'dark' }))
  await night.getByText('Chữ nhỏ khó đọc?').waitFor()
  assert.equal(await night.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(18, 24, 31)')
  assert.deepEqual(await flaws(night), [])
  assert.deepEqual([...page.faults, ...night.faults], [])
})
