// The one walk that everything rests on: a department publishes, an islander
// learns on two devices, HR sees and proves it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { as, ffmpeg, phone, publish, start, until } from './world.mjs'

const title = 'Tiếp công dân và xử lý đơn ở đảo'
const here = dirname(fileURLToPath(import.meta.url))
let world

// Each step goes on where the one before stopped.
const steps = []
const step = (what, walk) => steps.push({ what, walk })
test('a course is published, learnt on two devices, seen by HR and proved', async (t) => {
  for (const { what, walk } of steps) {
    await walk()
    t.diagnostic(what)
  }
})

before(async () => { world = await start() })
after(() => world?.stop())

/** A film of some seconds that ffmpeg makes, with a Vietnamese name and spaces. */
function film(seconds) {
  const path = join(world.folder, 'Bài giảng số 1.mp4')
  execFileSync(ffmpeg(), ['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc=size=640x360:rate=15:duration=${seconds}`, '-f', 'lavfi', '-i', `sine=frequency=330:duration=${seconds}`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', '+faststart', path])
  return path
}

step('the author of Sở Nội vụ makes a course, uploads a film and publishes', async () => {
  const page = await as(world, 'tacgia')
  await page.getByRole('link', { name: 'Soạn khóa học' }).click()
  await page.getByText('Khóa học mới').click()
  await page.getByLabel('Mã khóa học').fill('dao-01')
  await page.getByLabel('Tên khóa học').fill(title)
  await page.getByRole('button', { name: 'Tạo' }).click()
  await page.getByRole('heading', { name: title }).waitFor()

  await page.getByText('Khóa học chưa có tóm tắt.').waitFor()
  await page.getByLabel('Tóm tắt').fill('Cách tiếp công dân khi cả xã chỉ có một người trực.')
  await page.getByLabel('Loại kiến thức').selectOption({ label: 'Vị trí việc làm' })
  await page.getByLabel('Số tiết được tính khi hoàn thành').fill('1')
  await page.getByRole('button', { name: 'Thêm văn bản' }).click()
  await page.getByLabel('Số, ký hiệu').fill('129-TB/TU')
  await page.getByLabel('Đã kiểm tra còn hiệu lực').check()
  await page.getByRole('button', { name: 'Thêm chuyên đề' }).click()
  await page.getByRole('textbox', { name: 'Chuyên đề 1' }).fill('Những điều cần biết')

  await page.getByRole('button', { name: 'Thêm video' }).click()
  await page.getByLabel('Tên bài học').fill('Phim hướng dẫn')
  await page.getByLabel('Số phút').fill('20')
  await page.getByLabel('Chọn tệp').setInputFiles(film(24))
  await page.getByText('Bài giảng số 1.mp4').waitFor()
  await page.getByText('Sẵn sàng').waitFor()
  await page.getByText('Phim “Phim hướng dẫn” chưa có phụ đề.').waitFor()
  await page.getByRole('button', { name: /^Phụ đề/ }).click()
  await page.getByLabel('Tải lên tệp phụ đề').setInputFiles({ name: 'phu de.vtt', mimeType: 'text/vtt', buffer: Buffer.from('WEBVTT\n\n00:01.000 --> 00:09.000\nXin chào các bạn\n') })
  await page.getByText('Đã lưu phụ đề.').waitFor()

  await page.getByRole('button', { name: 'Thêm bài đọc' }).click()
  await page.getByLabel('Tên bài học').last().fill('Ghi nhớ')
  await page.getByLabel('Số phút').last().fill('5')
  await page.getByRole('textbox', { name: 'Nội dung bài đọc' }).fill('Luôn ghi sổ tiếp công dân trong ngày.')

  await publish(world, page)
  await page.getByText('Đã xuất bản, phiên bản 1').waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

const position = (page) => page.locator('video').evaluate((video) => video.currentTime) // waits for it
/** Plays at twice the speed until a second of the film is reached. */
async function playTo(page, second) {
  await page.locator('video').evaluate((video) => { video.muted = true; video.playbackRate = 2; return video.play() })
  await until(`the film is at ${second} s`, async () => (await position(page)) >= second, 40_000)
}

let lesson
let left // where the film was, in seconds

step('a learner of Bạch Long Vĩ finds it without diacritics, watches half and closes the tab', async () => {
  const page = await as(world, 'hocvien', phone)
  await page.getByLabel('Tìm khóa học').fill('tiep cong dan o dao')
  await page.getByRole('link', { name: title }).last().click()
  await page.getByRole('button', { name: 'Bắt đầu học' }).click()
  await page.getByRole('heading', { name: 'Phim hướng dẫn' }).waitFor()
  lesson = page.url()
  await playTo(page, 12)
  await page.locator('video').evaluate((video) => video.pause())
  left = await position(page)
  // What was recorded before may still stand there: the server has to know of the end.
  const [course, id] = lesson.split('/').slice(-2)
  await until('the server knows where the film is', async () => {
    const { enrolment } = await (await page.request.get(`${world.url}/api/courses/${course}`)).json()
    return Math.abs(enrolment.lessons.find((l) => l.lesson === id).positionMs / 1000 - left) < 1
  })
  await page.getByText(/^Đã ghi nhận · [0-9a-f]{8}$/).waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

step('she resumes in another browser within five seconds of the position, and finishes', async () => {
  const page = await as(world, 'hocvien')
  await page.getByRole('link', { name: title }).first().click()
  await page.getByRole('button', { name: 'Học tiếp' }).click()
  await page.getByRole('heading', { name: 'Phim hướng dẫn' }).waitFor()
  assert.equal(page.url(), lesson)
  await until('the film stands where it was left', async () => Math.abs((await position(page)) - left) < 5)
  await playTo(page, 23.5)
  await page.getByText('Bài học đã hoàn thành').waitFor()
  await page.getByRole('link', { name: 'Bài tiếp theo' }).click()
  await page.getByRole('button', { name: 'Tôi đã đọc xong' }).click()
  await page.getByText('Bạn đã hoàn thành khóa học này.').waitFor()
  await page.getByRole('link', { name: 'Xem hồ sơ học tập' }).click()
  await page.getByRole('heading', { name: title }).waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

/** The cells of a table row as numbers; a percentage keeps its unit. */
const figures = (cells) => cells.map((text) => (text.includes('%') ? { percent: Number(text.replace('%', '').replace(/[\s\u00a0]/g, '').replace(',', '.')) } : Number(text.replaceAll('.', ''))))

step('HR sees it at once, opens the record and downloads a sheet that says the same', async () => {
  const page = await as(world, 'nhansu')
  await page.getByRole('link', { name: 'Báo cáo' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Đặc khu Bạch Long Vĩ' })
  await row.waitFor()

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Tải BC-01 (Excel)' }).click()
  const file = join(world.folder, 'bc01.xlsx')
  await (await download).saveAs(file)
  const sheet = JSON.parse(execFileSync('python3', [join(here, 'sheet.py'), file], { encoding: 'utf8' }))
  const table = await page.locator('tbody tr').evaluateAll((rows) => rows.map((r) => [r.querySelector('th').textContent, [...r.querySelectorAll('td')].map((c) => c.textContent)]))
  assert.equal(table.length, 145)
  for (const [unit, cells] of table) {
    const found = sheet.filter((r) => r[1] === unit)
    assert.equal(found.length, 1, `${unit} stands once in the sheet`)
    const shown = figures(cells)
    assert.equal(found[0].length, shown.length + 2)
    for (const [i, want] of shown.entries()) {
      const got = found[0][i + 2]
      if (typeof want === 'number') assert.equal(got, want, `${unit}, column ${i + 3}`)
      else assert.ok(Math.abs(got - want.percent) <= 0.051, `${unit}, column ${i + 3}: ${got} and ${want.percent} %`)
    }
  }

  await page.getByLabel('Tìm đơn vị').fill('bạch long')
  await row.getByRole('link').click()
  await page.getByRole('link', { name: 'Đoàn Văn Hải' }).click()
  await page.getByRole('heading', { name: title }).waitFor()
  await page.getByText(/mục số \d+ trong sổ/).waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

step('the ledger is proved, and names the entry in which one byte was changed', async () => {
  const whole = world.tool('ledger', 'verify')
  assert.equal(whole.code, 0, whole.out)
  const client = await new MongoClient(world.mongo).connect()
  try {
    const completions = client.db('haidang').collection('completions')
    const entry = await completions.findOne({ courseCode: 'DAO-01' })
    await completions.updateOne({ _id: entry._id }, { $set: { unitName: entry.unitName.replace('B', 'b') } })
    const broken = world.tool('ledger', 'verify')
    assert.equal(broken.code, 1)
    assert.match(broken.out, new RegExp(`entry ${entry._id.replaceAll('.', '\\.')}: the entry was changed`))
    await completions.updateOne({ _id: entry._id }, { $set: { unitName: entry.unitName } })
    assert.equal(world.tool('ledger', 'verify').code, 0)
    assert.match(world.tool('rebuild').out, / 0 differed/)
  } finally {
    await client.close()
  }
})
