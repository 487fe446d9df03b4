// A draft as learners will see it, on each device, with what it weighs and how
// long it takes; and how much the organisation keeps.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, asking, contextOf, look, start, until, uploaded } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const notice = 'Thông báo số 129-TB/TU'
const caption = 'Sơ đồ tiếp nhận hồ sơ'
const text = 'Ủy ban nhân dân cấp xã tiếp nhận và trả lời. '.repeat(100)

/** A course of two articles, the first with a picture. */
async function draftOf(page) {
  const ask = asking(world, page)
  const draft = await ask('post', '/api/studio/courses', { code: 'XEM-01', title: 'Khóa xem thử', owner: 'SNV' })
  const picture = await uploaded(world, page, 'so-do.jpg', '-f', 'lavfi', '-i', 'testsrc=size=2000x1500', '-frames:v', '1')
  const blocks = [{ type: 'picture', asset: picture.id, alt: 'Sơ đồ', text: [{ text: caption }] }]
  const content = { ...draft.content, tiet: 8, modules: [{ id: '', title: 'Một', tiet: 0, lessons: [
    { id: '', kind: 'article', title: 'Bài có hình', minutes: 5, blocks },
    { id: '', kind: 'article', title: 'Bài dài', minutes: 200, blocks: [{ type: 'paragraph', text: [{ text }] }] },
  ] }] }
  return ask('put', `/api/studio/courses/${draft.card.id}`, { revision: draft.revision, content })
}

test('the author sees the course on each device, with its size and its time', async () => {
  const page = await as(world, 'tacgia')
  const draft = await draftOf(page)
  await page.goto(`${world.url}/studio/${draft.card.id}/xem-thu`)
  const frame = page.frameLocator('iframe')
  const inside = (what) => frame.locator('html').evaluate(what)
  await frame.getByRole('heading', { level: 1, name: 'Khóa xem thử' }).waitFor()
  assert.deepEqual(await inside(() => [innerWidth, innerHeight, matchMedia('(max-width: 44rem)').matches]), [360, 740, true])
  await page.getByText(/^Khai 8.tiết = 360.phút, học liệu khoảng 6.phút, số phút đã ghi là 205.phút\./).waitFor()
  await page.getByText(/^Cả khóa học: tải khoảng [\d,]+.(kB|MB), học khoảng 6.phút\.$/).waitFor()
  await look(page, 'a preview on a phone')

  const phones = await page.getByText(/^Bài đọc · [\d,]+.kB · đọc khoảng 1.phút · đã ghi 5.phút$/).textContent()
  await page.getByLabel('Điện thoại').focus()
  await page.keyboard.press('ArrowDown')
  assert.ok(await page.getByLabel('Máy tính bảng').isChecked())
  await until('the page in the frame is as wide as a tablet', async () => (await inside(() => innerWidth)) === 768)
  assert.notEqual(await page.getByText(/^Bài đọc · [\d,]+.(kB|MB) · đọc khoảng 1.phút · đã ghi 5.phút$/).textContent(), phones)
  await look(page, 'a preview on a tablet')
  await page.keyboard.press('ArrowDown')
  await until('the page in the frame is as wide as a desktop', async () => (await inside(() => innerWidth)) === 1280)
  await look(page, 'a preview on a desktop')

  await page.getByRole('button', { name: 'Bài có hình' }).click()
  await frame.getByText(caption).waitFor()
  await frame.getByRole('link', { name: 'Bài tiếp theo' }).click()
  await frame.getByRole('heading', { level: 1, name: 'Bài dài' }).waitFor()
  await page.locator('[aria-current=true]', { hasText: 'Bài dài' }).waitFor()
  await page.getByRole('button', { name: 'Trang giới thiệu khóa học' }).click()
  await frame.getByRole('link', { name: 'Bài có hình' }).waitFor()

  await page.getByRole('link', { name: 'Về trang soạn' }).click()
  await page.getByText('Bài dài').first().click()
  await page.getByText(/^Theo nội dung: khoảng 5.phút\./).waitFor()
  await look(page, 'a lesson with its reading time')
  await page.getByRole('button', { name: 'Lấy số này' }).last().click()
  assert.equal(await page.getByLabel('Số phút').last().inputValue(), '5')
  await page.getByText(/^Theo nội dung: khoảng 5.phút\./).waitFor({ state: 'detached' })
  await page.getByRole('status').getByText('Đã lưu').waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('a device loads what the figures say', async () => {
  const page = await as(world, 'tacgia')
  const { items } = await (await page.request.get(`${world.url}/api/studio/courses`)).json()
  const id = items.find((card) => card.code === 'XEM-01').id
  const draft = await (await page.request.get(`${world.url}/api/studio/courses/${id}`)).json()
  const [{ lesson, load }] = draft.measures.lessons
  const session = await page.context().storageState()
  const forms = []
  for (const [name, viewport, deviceScaleFactor] of [['phone', { width: 360, height: 740 }, 2], ['tablet', { width: 768, height: 1024 }, 2], ['desktop', { width: 1280, height: 800 }, 1]]) {
    const context = await contextOf(world, { viewport, deviceScaleFactor, storageState: session })
    const there = await context.newPage()
    const coming = there.waitForResponse((r) => /\/media\/.*\.jpg$/.test(r.url()))
    await there.goto(`${world.url}/studio/${id}/xem-thu?khung=1&bai=${lesson}`)
    const response = await coming
    forms.push(new URL(response.url()).pathname.split('/').at(-1))
    assert.equal(load[name], (await response.body()).length + Buffer.byteLength(caption), name)
    await context.close()
  }
  assert.deepEqual(forms, ['w960.jpg', 'w1600.jpg', 'w960.jpg'])
  await page.context().close()
})

test('a film is shown with each of its forms', async () => {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio`)
  await page.getByRole('link', { name: notice }).first().click()
  await page.getByRole('link', { name: 'Xem thử như học viên' }).click()
  await until('the film has its forms', async () => {
    if (await page.getByText(/^240p .* · Chỉ nghe .*$/).getByText('480p').count()) return true
    await page.reload()
    await page.getByText(/^Video · [\d,]+.MB · dài khoảng 2.phút · đã ghi \d+.phút$/).waitFor()
    await new Promise((done) => setTimeout(done, 2000))
    return false
  }, 120_000)
  await page.getByRole('button', { name: 'Toàn văn Thông báo' }).click()
  const frame = page.frameLocator('iframe')
  await frame.getByText(/^Trang 1/).waitFor()
  await look(page, 'a document in a preview')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('an administrator says how much an organisation may keep, and its authors see it', async () => {
  const [author, admin] = [await as(world, 'tacgia'), await as(world, 'quantri')]
  const ask = async (path) => (await author.request.get(world.url + path)).json()
  const { id } = (await ask('/api/studio/courses')).items.find((card) => card.title.startsWith(notice))
  await until('nothing more is made of the film', async () => (await ask(`/api/studio/courses/${id}`)).assets.every((a) => !['waiting', 'running'].includes(a.transcode)), 120_000)
  const { bytes } = await ask('/api/studio/storage?owner=SNV')
  await author.goto(`${world.url}/studio`)
  await author.getByText(/^Sở Nội vụ thành phố Hải Phòng\. Đã dùng [\d,]+.(kB|MB), \d+.tệp\.$/).waitFor()
  await look(author, 'the list of courses without a cap')

  await admin.goto(`${world.url}/admin/don-vi`)
  await admin.getByLabel('Tìm đơn vị').fill('so noi vu')
  await admin.getByRole('button', { name: /Sở Nội vụ/ }).first().click()
  await admin.getByText('Không có hạn mức.').waitFor()
  const set = async (size) => {
    await admin.getByLabel('Hạn mức dung lượng (GB)').fill(size)
    await admin.getByRole('button', { name: 'Đặt hạn mức' }).click()
  }
  await set(String(bytes / 0.9 / 1e9))
  await admin.getByText(/Đặt lúc \d\d\/\d\d\/\d{4} \d\d:\d\d, người đặt: /).waitFor()
  await admin.getByRole('status').getByText('Đã lưu').waitFor()
  await look(admin, 'a cap that is set')
  await author.reload()
  await author.getByText(/^Đã dùng (89,9|90)\s?% hạn mức, sắp hết/).waitFor()
  await look(author, 'the list of courses when storage is short')

  await set('0.000001')
  await admin.getByText(/Hạn mức 1.kB, còn 0.kB\./).waitFor()
  await author.reload()
  await author.getByText('Đã hết dung lượng: không tải thêm tệp lên được.').waitFor()
  await look(author, 'the list of courses when storage is full')
  await author.getByRole('link', { name: 'Công tác văn thư' }).click()
  await author.getByRole('button', { name: 'Thêm tài liệu PDF' }).first().click()
  const parts = []
  author.on('request', (r) => { if (r.url().includes('/parts/')) parts.push(r.url()) })
  await author.getByLabel('Chọn tệp').last().setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
  await author.getByText('Đơn vị đã dùng hết dung lượng lưu trữ.').waitFor()
  assert.deepEqual(parts, [])

  await set('')
  await admin.getByText('Không có hạn mức.').waitFor()
  assert.deepEqual(admin.faults, [])
  // The browser itself says that an upload was refused with 413.
  assert.deepEqual(author.faults.filter((fault) => !fault.includes('413')), [])
  await Promise.all([author, admin].map((page) => page.context().close()))
})
