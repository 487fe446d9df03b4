// A course leaves as a package, with the question of its quiz, and comes back as
// another course.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { as, asking, look, start } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const notice = 'Thông báo số 129-TB/TU'

const ask = (page, ...what) => asking(world, page)(...what)

/** Gives the draft a quiz of one question. */
async function quizzed(page) {
  const path = `/api${new URL(page.url()).pathname.replace('studio', 'studio/courses')}`
  await ask(page, 'post', '/api/banks/SNV/items', { topic: 'Gói', difficulty: 'easy', type: 'true_false', text: 'Xã có hai cấp chính quyền.' })
  const draft = await ask(page, 'get', path)
  draft.content.modules[0].lessons.push({ id: '', kind: 'quiz', title: 'Kiểm tra', minutes: 5, paper: { bank: 'SNV', draws: [{ topic: 'Gói', count: 1 }], shuffle: true } })
  await ask(page, 'put', path, { revision: draft.revision, content: draft.content })
  await page.reload()
}

test('the author downloads a course as a package and makes a course of it', async () => {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio`)
  await page.getByRole('link', { name: notice }).first().click()
  await page.locator('#m1').waitFor()
  await quizzed(page)
  const title = await page.getByRole('heading', { level: 1 }).textContent()
  const first = await page.locator('#m1').inputValue()
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Tải gói khóa học (.zip)' }).click()
  const download = await coming
  const code = download.suggestedFilename().replace(/\.zip$/, '')
  const buffer = await readFile(await download.path())
  assert.equal(buffer.subarray(0, 2).toString(), 'PK')

  await page.goto(`${world.url}/studio`)
  await page.getByText('Nhập gói khóa học').click()
  const form = page.locator('form').filter({ hasText: 'Tệp gói khóa học' })
  const choose = (bytes) => form.getByLabel('Tệp gói khóa học').setInputFiles({ name: 'goi.zip', mimeType: 'application/zip', buffer: bytes })
  await choose(buffer.subarray(0, buffer.length - 40))
  await form.getByLabel('Mã khóa học').fill('goi-02')
  await form.getByRole('button', { name: 'Nhập' }).click()
  await form.getByText('Tệp bị hỏng hoặc tải lên chưa đủ.').waitFor()
  await look(page, 'a package that is cut short')
  await choose(buffer)
  await form.getByLabel('Mã khóa học').fill(code)
  await form.getByRole('button', { name: 'Nhập' }).click()
  await form.getByText('Mã này đã được dùng cho một khóa học khác.').waitFor()
  await form.getByLabel('Mã khóa học').fill('goi-02')
  await form.getByRole('button', { name: 'Nhập' }).click()
  await page.getByText('Đã tạo khóa học GOI-02. Ngân hàng câu hỏi của đơn vị có thêm 0 câu; 1 câu đã có sẵn nên được dùng lại.').waitFor()
  await look(page, 'the questions of a package')
  await page.getByRole('link', { name: 'Mở khóa học' }).click()
  await page.getByText('GOI-02 ·').waitFor()
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), title)
  assert.equal(await page.locator('#m1').inputValue(), first)
  await look(page, 'the course of a package')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})
