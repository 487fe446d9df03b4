// Every page as each role sees it: nothing that axe objects to, nothing that
// scrolls sideways on a phone, words for every state, the keyboard alone.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { as, contextOf, desk, device, flaws, look, password, phone, publish, start } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const notice = 'Thông báo số 129-TB/TU'

async function visit(page, path, heading) {
  await page.goto(world.url + path)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await look(page, path)
}

test('the sign-in page is clean, and refuses in words', async () => {
  const page = await device(world)
  await look(page, 'sign-in')
  await page.getByLabel('Tên đăng nhập').fill('hocvien')
  await page.getByLabel('Mật khẩu', { exact: true }).fill('sai mật khẩu rồi')
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor()
  await look(page, 'sign-in refused')
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'en')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test("a learner's pages are clean and load nothing of the desk", async () => {
  const page = await as(world, 'hocvien')
  const asked = new Set()
  page.on('request', (r) => asked.add(new URL(r.url()).pathname))
  await visit(page, '/', 'Việc của tôi hôm nay')
  await page.getByRole('link', { name: notice }).first().click()
  await page.getByRole('heading', { level: 1, name: notice }).waitFor()
  await look(page, 'course')
  await page.getByRole('button', { name: 'Bắt đầu học' }).click()
  await page.getByRole('heading', { name: 'Giới thiệu Thông báo' }).waitFor()
  await look(page, 'video')
  await page.getByRole('link', { name: 'Bài tiếp theo' }).click()
  await page.getByRole('button', { name: 'Tôi đã đọc xong' }).waitFor()
  await look(page, 'article')
  await page.getByRole('link', { name: /^‹ Thông báo/ }).click()
  await page.getByRole('link', { name: 'Toàn văn Thông báo (PDF)' }).click()
  await page.getByText('Trang 1/').waitFor()
  await page.getByText('Đã xem 1/').waitFor()
  const sheet = page.getByRole('img', { name: 'Trang 1/' })
  await page.waitForFunction(() => document.querySelector('img[alt^="Trang"]')?.naturalWidth === 1000)
  const [, pictures] = /^(\/media\/.*\/)p1\.webp$/.exec(await sheet.getAttribute('src'))
  const words = await page.evaluate(() => document.getElementById(document.querySelector('img[alt^="Trang"]').getAttribute('aria-describedby')).textContent)
  assert.match(words, /Thông báo số 129-TB\/TU/)
  await look(page, 'document')
  await page.getByRole('button', { name: 'Trang sau' }).click()
  await page.getByText('Trang 2/').waitFor()
  await page.getByText('Đã xem 2/').waitFor()
  await page.waitForFunction(() => document.querySelector('img[alt^="Trang 2"]')?.complete)
  assert.deepEqual([...asked].filter((path) => /pdf/i.test(path) || path === `${pictures}source`), [])
  await visit(page, '/ho-so', 'Hồ sơ học tập của tôi')
  await visit(page, '/tai-khoan', 'Tài khoản')
  await visit(page, '/mat-khau', 'Đổi mật khẩu')
  await page.goto(`${world.url}/khong-co`)
  await page.getByRole('heading', { name: 'Không có trang này' }).waitFor()
  const foreign = [...asked].filter((p) => /\/assets\/(studio|hr|admin|Editor|ArticleEditor)/.test(p) || p.startsWith('/api/studio') || p.startsWith('/api/reports'))
  assert.deepEqual(foreign, [])
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('the first page is light, and nothing on it jumps while a slow network brings it', async (t) => {
  const first = await as(world, 'hocvien', phone)
  const context = await contextOf(world, { viewport: phone, storageState: await first.context().storageState() })
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 })
  await network.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  await page.addInitScript(() => {
    window.jumped = 0
    new PerformanceObserver((l) => l.getEntries().forEach((e) => { if (!e.hadRecentInput) window.jumped += e.value })).observe({ type: 'layout-shift', buffered: true })
    new PerformanceObserver((l) => l.getEntries().forEach((e) => { window.painted = e.startTime })).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  await page.goto(world.url)
  await page.getByText(/khóa học$/).first().waitFor({ timeout: 60_000 })
  await page.waitForLoadState('networkidle')
  const { jumped, painted, bytes } = await page.evaluate(() => ({
    jumped: window.jumped, painted: window.painted,
    bytes: performance.getEntries().reduce((sum, e) => sum + (e.transferSize ?? 0), 0),
  }))
  t.diagnostic(`400 kbit/s, 400 ms, CPU × 6: largest paint at ${(painted / 1000).toFixed(1)} s, ${(bytes / 1024).toFixed(1)} kB in all, layout shift ${jumped.toFixed(3)}`)
  assert.ok(bytes > 20_000 && bytes <= 70 * 1024, `${bytes} bytes`)
  assert.ok(jumped <= 0.05, `layout shift ${jumped}`)
  await Promise.all([first.context().close(), context.close()])
})

test("an author's pages are clean", async () => {
  const page = await as(world, 'tacgia')
  await visit(page, '/studio', 'Khóa học của cơ quan')
  await page.getByRole('link', { name: notice }).click()
  await page.getByRole('heading', { level: 1, name: notice }).waitFor()
  await page.locator('details.lesson summary').first().click()
  await page.locator('details.lesson summary').nth(1).click()
  await page.getByRole('toolbar').first().waitFor()
  await look(page, 'editor')
  await page.getByRole('link', { name: 'Xem thử như học viên' }).click()
  await page.getByText('Đây là bản xem thử.').waitFor()
  await look(page, 'preview')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('two authors see each other: what both changed is chosen side by side, the rest comes together', async () => {
  const [one, two] = [await as(world, 'tacgia'), await as(world, 'tacgia')]
  for (const page of [one, two]) {
    await page.goto(`${world.url}/studio`)
    await page.getByRole('link', { name: 'Công tác văn thư' }).click()
    await page.getByLabel('Tóm tắt').waitFor()
  }
  await one.getByLabel('Tóm tắt').fill('Bản của người thứ nhất')
  await one.getByRole('status').getByText('Đã lưu').waitFor()
  await two.getByLabel('Tóm tắt').fill('Bản của người thứ hai')
  await two.getByText(/^Nguyễn Thị Thu Hà vừa lưu thay đổi ở cùng chỗ/).waitFor()
  assert.equal(await two.getByLabel('Tóm tắt').inputValue(), 'Bản của người thứ hai')
  await two.getByRole('deletion').getByText('Bản của người thứ nhất').waitFor()
  await two.getByRole('insertion').getByText('Bản của người thứ hai').waitFor()
  await look(two, 'conflict')
  await two.getByLabel('Lấy bản của Nguyễn Thị Thu Hà').check()
  await two.getByRole('button', { name: 'Gộp và lưu' }).click()
  await two.getByText('Đã lưu', { exact: true }).waitFor()
  assert.equal(await two.getByLabel('Tóm tắt').inputValue(), 'Bản của người thứ nhất')

  await two.getByRole('button', { name: 'Thêm chuyên đề' }).click()
  await two.getByRole('textbox', { name: /^Chuyên đề/ }).last().fill('Chuyên đề của người thứ hai')
  await two.getByText('Đã lưu', { exact: true }).waitFor()
  await one.getByLabel('Tóm tắt').fill('Bản sửa lại của người thứ nhất')
  await one.getByText('thay đổi của hai người đã được gộp').waitFor()
  await one.getByText('Đã lưu', { exact: true }).waitFor()
  assert.equal(await one.getByRole('textbox', { name: /^Chuyên đề/ }).last().inputValue(), 'Chuyên đề của người thứ hai')
  assert.equal(await one.getByLabel('Tóm tắt').inputValue(), 'Bản sửa lại của người thứ nhất')
  await Promise.all([one, two].map((page) => page.context().close()))
})

test("HR's and the administrator's pages are clean", async () => {
  const page = await as(world, 'nhansu')
  await visit(page, '/hr', 'Kết quả bồi dưỡng theo đơn vị (BC-01)')
  await visit(page, '/hr/don-vi/11948?ky=2026', 'Đặc khu Bạch Long Vĩ')
  await page.getByRole('link', { name: 'Đoàn Văn Hải' }).click()
  await page.getByRole('heading', { name: 'Hồ sơ học tập' }).waitFor()
  await look(page, 'record')
  await page.context().close()
  const admin = await as(world, 'quantri')
  await visit(admin, '/admin', 'Nhân sự')
  await visit(admin, '/admin/don-vi', 'Đơn vị')
  await admin.goto(`${world.url}/admin`)
  await admin.getByLabel('Tìm theo tên').fill('doan van hai')
  await admin.getByRole('link', { name: 'Đoàn Văn Hải' }).click()
  await admin.getByRole('heading', { name: 'Quá trình công tác' }).waitFor()
  await admin.getByText('Thêm vị trí công tác').click()
  await admin.getByText('Giao vai trò').click()
  await look(admin, 'person')
  assert.deepEqual([...page.faults, ...admin.faults], [])
  await admin.context().close()
})

test('HR adds a person, who changes the first password and learns', async () => {
  const hr = await as(world, 'nhansu')
  await hr.goto(`${world.url}/admin/them-nguoi`)
  await hr.getByLabel('Họ và tên').fill("H'Hen Niê")
  await hr.getByLabel('Giới tính').selectOption({ label: 'Nữ' })
  await hr.getByRole('textbox', { name: 'Đơn vị' }).fill('bach long vi')
  await hr.getByRole('button', { name: 'Đặc khu Bạch Long Vĩ (11948)', exact: true }).click()
  await hr.getByLabel('Vị trí việc làm').selectOption({ index: 3 })
  await hr.getByRole('button', { name: 'Lưu' }).click()
  await hr.getByRole('heading', { level: 1, name: "H'Hen Niê" }).waitFor()
  await hr.getByLabel('Tên đăng nhập').fill('hhen.nie')
  await hr.getByRole('button', { name: 'Tạo tài khoản' }).click()
  const first = await hr.locator('code').textContent()
  await hr.context().close()

  const page = await device(world, phone)
  await page.getByLabel('Tên đăng nhập').fill('hhen.nie')
  await page.getByLabel('Mật khẩu', { exact: true }).fill(first)
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByRole('heading', { name: 'Đổi mật khẩu' }).waitFor()
  await look(page, 'first password')
  await page.getByLabel('Mật khẩu hiện tại').fill(first)
  await page.getByLabel('Mật khẩu mới').fill('ngắn quá')
  await page.getByRole('button', { name: 'Lưu' }).click()
  await page.getByText('Mật khẩu cần có từ 14 đến 256 ký tự.').waitFor()
  await page.getByLabel('Mật khẩu mới').fill('buổi sáng ra đảo bằng tàu')
  await page.getByRole('button', { name: 'Lưu' }).click()
  await page.getByRole('heading', { name: 'Việc của tôi hôm nay' }).waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

/** Presses Tab until the element with a name has the focus, as a person would. */
async function tabTo(page, name) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const e = document.activeElement
      const shown = getComputedStyle(e).outlineStyle !== 'none'
      if (!e || e === document.body) return { name: '', shown: false }
      return { name: e.labels?.[0]?.textContent || e.getAttribute('aria-label') || e.textContent, shown }
    })
    if (here.name.includes(name)) {
      assert.ok(here.shown, `the focus on ${name} is seen`)
      return
    }
  }
  assert.fail(`${name} is not reached by Tab`)
}

test('the keyboard alone signs in, finds a course, reads it to its end', async () => {
  const page = await device(world)
  await page.getByLabel('Tên đăng nhập').waitFor()
  await tabTo(page, 'Tên đăng nhập')
  await page.keyboard.type('lanhdao')
  await tabTo(page, 'Mật khẩu')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Việc của tôi hôm nay' }).waitFor()
  await tabTo(page, 'Tìm khóa học')
  await page.keyboard.type('thao go vuong mac')
  await page.getByText(/^1 khóa học/).waitFor()
  await tabTo(page, notice)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Bắt đầu học' }).waitFor()
  await tabTo(page, 'Bắt đầu học')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Giới thiệu Thông báo' }).waitFor()
  await tabTo(page, 'Bài tiếp theo')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Tôi đã đọc xong' }).waitFor()
  await tabTo(page, 'Tôi đã đọc xong')
  await page.keyboard.press('Enter')
  await page.getByText('Bài học đã hoàn thành').waitFor()
  await page.context().close()
})

test('what is learnt without a network is kept on the device, through a closed tab, and sent later', async () => {
  const page = await as(world, 'hocvien', phone)
  await page.getByRole('link', { name: notice }).first().click()
  await page.getByRole('link', { name: 'Vì sao có Thông báo' }).click()
  await page.getByRole('button', { name: 'Tôi đã đọc xong' }).waitFor()
  await page.getByText(/^Đã ghi nhận/).waitFor()
  const lesson = page.url()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Tôi đã đọc xong' }).click()
  await page.getByText('Mất mạng · 1 mục đã lưu trên máy').waitFor()
  assert.deepEqual(await flaws(page), [])
  const again = await page.context().newPage()
  await page.close()
  await again.context().setOffline(false)
  await again.goto(lesson)
  await again.getByText('Bài học đã hoàn thành').waitFor()
  await again.getByText(/^Đã ghi nhận/).waitFor()
  await again.context().close()
})

test('an upload goes on where a broken connection and a closed tab left it', async () => {
  const file = join(world.folder, 'Tài liệu lớn.pdf')
  writeFileSync(file, `%PDF-1.4\n${'x'.repeat(20 << 20)}`)
  const page = await as(world, 'tacgia')
  const sent = []
  let broken = true
  await page.context().route('**/api/uploads/*/parts/*', (route) => {
    const part = Number(route.request().url().split('/').at(-1))
    if (part >= 2 && broken) return route.abort()
    sent.push(part)
    return route.continue()
  })
  const draft = async (tab) => {
    await tab.goto(`${world.url}/studio`)
    await tab.getByRole('link', { name: 'Công tác văn thư' }).click()
    await tab.getByLabel('Tóm tắt').waitFor()
  }
  await draft(page)
  await page.getByRole('button', { name: 'Thêm tài liệu PDF' }).first().click()
  await page.getByLabel('Chọn tệp').setInputFiles(file)
  await page.getByText('Đã tải lên 33%').waitFor()
  await page.getByRole('status').getByText('Đã lưu').waitFor()
  const again = await page.context().newPage()
  await page.close()

  broken = false
  await draft(again)
  await again.getByLabel('Chọn tệp').setInputFiles(file)
  // 20 MiB of x are no PDF: the server looks into the whole file and says so.
  await again.getByText('Nội dung tệp không đúng với đuôi tệp, hoặc tệp bị hỏng.').waitFor()
  assert.deepEqual(sent, [1, 2, 3])
  await look(again, 'a file that cannot be used')
  await again.context().close()
})

test('a file that is too large or of another type is refused before its first byte', async () => {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio`)
  await page.getByRole('link', { name: 'Công tác văn thư' }).click()
  await page.getByLabel('Tóm tắt').waitFor()
  await page.getByRole('button', { name: 'Thêm video' }).first().click()
  const parts = []
  page.on('request', (r) => { if (r.url().includes('/parts/')) parts.push(r.url()) })
  await page.getByLabel('Chọn tệp').last().setInputFiles({ name: 'phim.avi', mimeType: 'video/x-msvideo', buffer: Buffer.from('RIFF') })
  await page.getByText('Chỉ nhận tệp MP4, WebM, MP3, M4A, OGG, PDF, PNG, JPEG và WebP.').waitFor()
  assert.deepEqual(parts, [])
  await page.context().close()
})

test('a document that is replaced marks what cites it, for its authors and for learners', async () => {
  const author = await as(world, 'tacgia')
  await visit(author, '/studio/van-ban', 'Văn bản pháp luật')
  await author.getByLabel('Tìm theo số, trích yếu, cơ quan ban hành').fill('khong co van ban nay')
  await author.getByText('Chưa có văn bản nào.').waitFor()
  await author.getByLabel('Tìm theo số, trích yếu, cơ quan ban hành').fill('van hanh mo hinh')
  await author.getByRole('link', { name: '129-TB/TU' }).click()
  await author.getByText('Còn hiệu lực', { exact: true }).waitFor()
  await author.getByRole('link', { name: notice }).waitFor()
  await author.getByText('Sửa thông tin văn bản').click()
  await author.getByLabel('Được thay thế bằng văn bản số').fill('15-NQ/TU')
  await author.getByRole('button', { name: 'Lưu' }).click()
  await author.getByText('văn bản bị thay thế phải có ngày hết hiệu lực').waitFor()
  assert.equal(await author.getByLabel('Được thay thế bằng văn bản số').inputValue(), '15-NQ/TU')
  await look(author, 'a refused entry')
  await author.getByLabel('Ngày cuối còn hiệu lực').fill('2026-01-31')
  await author.getByRole('button', { name: 'Lưu' }).click()
  await author.getByText('Hết hiệu lực', { exact: true }).waitFor()
  await look(author, 'a document')
  await visit(author, '/studio', 'Khóa học của cơ quan')
  await author.getByText('Dẫn chiếu văn bản hết hiệu lực: 129-TB/TU').first().waitFor()

  const learner = await as(world, 'hocvien', phone)
  await learner.goto(world.url)
  await learner.getByRole('link', { name: notice }).first().click()
  await learner.getByText('chỉ có hiệu lực đến hết 31/01/2026').waitFor()
  await learner.getByText('Thay thế bằng 15-NQ/TU.').waitFor()
  await look(learner, 'a course under review')
  assert.deepEqual([...author.faults, ...learner.faults], [])
  await Promise.all([author, learner].map((page) => page.context().close()))
})

test('an older version becomes the draft again, and what is published stays', async () => {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio`)
  await page.getByRole('link', { name: notice }).click()
  const summary = page.getByLabel('Tóm tắt')
  await summary.waitFor()
  const first = await summary.inputValue()
  await summary.fill('Tóm tắt của phiên bản hai')
  await publish(world, page)
  await page.getByText(/^Phiên bản 2, /).waitFor()
  await page.getByRole('button', { name: 'Xem thay đổi từ phiên bản 2 đến bản thảo' }).click()
  await page.getByText('Bản thảo giống hệt phiên bản này.').waitFor()
  await page.getByRole('button', { name: 'Xem thay đổi từ phiên bản 1 đến bản thảo' }).click()
  await page.getByRole('insertion').getByText('Tóm tắt của phiên bản hai').waitFor()
  await page.getByRole('deletion').getByText(first).waitFor()
  await look(page, 'changes')
  await page.getByRole('button', { name: 'Lấy lại phiên bản 1 làm bản thảo' }).click()
  await page.getByText('Phiên bản đã xuất bản không đổi.').waitFor()
  await look(page, 'versions')
  await page.getByRole('button', { name: 'Lấy lại làm bản thảo', exact: true }).click()
  await page.getByRole('button', { name: 'Gửi thẩm định' }).waitFor()
  assert.equal(await summary.inputValue(), first)
  assert.deepEqual(page.faults, [])
  await page.context().close()
})
