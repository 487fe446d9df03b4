// Every page in English: clean, in its language, without a sentence left behind.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { contextOf, flaws, opened, password, phone, shot, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

/** A phone in English on which somebody is signed in. */
async function english(username) {
  const context = await contextOf(world, { viewport: phone })
  await context.addInitScript(() => localStorage.setItem('PARAGLIDE_LOCALE', 'en'))
  if (username) assert.ok((await context.request.post(`${world.url}/api/session`, { data: { username, password } })).ok())
  return opened(world, context)
}

/** Words of the interface, which have no place on an English page; courses, units and people stay as they are called. */
async function left(page) {
  return page.evaluate(() => [...document.querySelectorAll('button, label, legend, th, summary, h1, nav a')]
    .map((e) => e.textContent.trim())
    .filter((said) => /^(Tìm|Gửi|Lưu|Thêm|Xem|Xóa|Đăng|Hủy|Chọn|Tải|Bài tiếp|Tất cả|Việc|Hồ sơ học|Tài khoản|Đồng bộ|Thông báo$|Ghi chú)/.test(said)))
}

async function clean(page, path) {
  await page.goto(world.url + path)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await until('everything is loaded', async () => (await page.getByText('Loading…').count()) === 0)
  assert.equal(await page.locator('html').getAttribute('lang'), 'en', path)
  await shot(page, `en${path.replaceAll(/\W+/g, '-')}`.slice(0, 60))
  assert.deepEqual(await flaws(page), [], path)
  assert.deepEqual(await left(page), [], path)
}

async function all(username, paths) {
  const page = await english(username)
  for (const path of paths) await clean(page, path)
  assert.deepEqual(page.faults, [])
  await page.context().close()
}

const json = async (page, path) => (await page.request.get(world.url + path)).json()

test("a learner's pages", async () => {
  const page = await english('hocvien')
  const { items: [course] } = await json(page, '/api/courses?q=TB129-01')
  await page.request.post(`${world.url}/api/courses/${course.id}/enrolment`, { data: {} })
  const { modules } = await json(page, `/api/courses/${course.id}`)
  const lessons = new Map(modules.flatMap((m) => m.lessons).map((l) => [l.kind, l.id])) // one of each kind
  await page.context().close()
  await all('', ['/dang-nhap', '/chia-se', '/xac-minh'])
  await all('hocvien', [
    '/', `/khoa-hoc/${course.id}`, ...[...lessons.values()].map((id) => `/khoa-hoc/${course.id}/${id}`), '/tim', '/tim?q=thong+bao', '/tren-may', '/dong-bo', '/ghi-chu',
    '/thong-bao', '/thong-bao/cai-dat', '/ho-so', '/ho-so/in', '/ho-so/chia-se', '/giay-chung-nhan/khong-co', '/khao-sat/viec', '/khao-sat/don-vi', '/tai-khoan', '/mat-khau', '/khong-co',
  ])
})

test("a department's pages", async () => {
  const page = await english('tacgia')
  const { items } = await json(page, '/api/studio/courses')
  const { items: laws } = await json(page, '/api/laws')
  await page.context().close()
  const { id } = items.find((c) => c.title.includes('129-TB/TU'))
  await all('tacgia', [
    '/studio', `/studio/${id}`, `/studio/${id}/xem-thu`, `/studio/${id}/khao-sat`, '/studio/van-ban', `/studio/van-ban/${laws[0].id}`, '/studio/vi-du', '/studio/ngan-hang',
    '/studio/cham-bai', '/studio/nop-muon', '/studio/tham-dinh', '/studio/doc-thu', '/studio/chung-nhan',
  ])
})

test("HR's and the administrator's pages", async () => {
  const page = await english('nhansu')
  const { items: people } = await json(page, '/api/people?unit=11948')
  const { items: courses } = await json(page, '/api/courses?q=TB129-01')
  const { items: [assigned] } = await json(page, '/api/assignments')
  await page.context().close()
  await all('nhansu', ['/hr', '/hr?xem=o', '/hr/giao-hoc', '/hr/giao-hoc/moi', `/hr/giao-hoc/${assigned.id}`, '/hr/don-vi/11948', `/hr/nguoi/${people[0].id}`, '/hr/khoa-hoc', `/hr/khoa-hoc/${courses[0].id}`, '/hr/khao-sat', `/hr/khao-sat/${courses[0].id}`])
  await all('quantri', ['/admin', '/admin/don-vi', '/admin/mau-danh-gia', '/admin/them-nguoi', `/admin/nguoi/${people[0].id}`])
})
