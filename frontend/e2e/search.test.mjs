// Words are looked for in everything that there is to learn, with and without a network.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, asking, look, opened, phone, signIn, start, until, uploaded } from './world.mjs'

let world
let made
before(async () => {
  world = await start()
  made = await published()
})
after(() => world?.stop())

const ask = (page, ...what) => asking(world, page)(...what)

const text = (words) => [{ text: words }]

/** A course with a film that has captions, an article that offers a file, and the demo's PDF. */
async function published() {
  const page = await as(world, 'tacgia')
  const film = await uploaded(world, page, 'quay.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=15:duration=20', '-f', 'lavfi', '-i', 'sine=duration=20', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast', '-c:a', 'aac')
  await ask(page, 'put', `/api/assets/${film.id}/captions`, { revision: 0, vtt: 'WEBVTT\n\n00:01.000 --> 00:08.000\nKính chào bà con\n\n00:12.000 --> 00:15.000\nLệ phí hộ tịch được miễn cho người nghèo\n' })
  const notice = (await ask(page, 'get', '/api/studio/courses')).items.find((c) => c.title.includes('129-TB/TU'))
  const pdf = (await ask(page, 'get', `/api/studio/courses/${notice.id}`)).assets.find((a) => a.kind === 'document')
  const [video, read, paper] = Array.from({ length: 3 }, () => crypto.randomUUID())
  const draft = await ask(page, 'post', '/api/studio/courses', { code: 'QUAY-01', title: 'Một cửa ở đặc khu', owner: 'SNV' })
  const content = { ...draft.content, summary: 'Tiếp nhận hồ sơ tại quầy.', knowledge: 'vi_tri_viec_lam', tiet: 1, positions: ['CM-TP'], citations: [{ number: '129-TB/TU', verified: true }], modules: [{ id: '', title: 'Tại quầy', tiet: 1, lessons: [
    { id: video, kind: 'video', title: 'Phim: ở quầy số ba', minutes: 1, asset: film.id, coverage: 9000 },
    { id: read, kind: 'article', title: 'Đăng ký khai sinh lưu động', minutes: 3, blocks: [
      { type: 'paragraph', text: text('Cán bộ đến tận nhà khi người dân không đi lại được.') },
      { type: 'file', asset: pdf.id, text: text('Mẫu tờ khai dùng tại nhà') },
    ] },
    { id: paper, kind: 'document', title: 'Văn bản chỉ đạo', minutes: 5, asset: pdf.id },
  ] }] }
  const path = `/api/studio/courses/${draft.card.id}`
  const saved = await ask(page, 'put', path, { revision: draft.revision, content })
  await released(page, path, saved)
  await page.context().close()
  return { id: draft.card.id, lessons: { video, read, paper } }
}

async function released(page, path, draft) {
  const reviewer = await as(world, 'thamdinh')
  let now = await ask(page, 'post', `${path}/review`, { revision: draft.revision })
  for (let i = 0; now.review.step !== 'ready' && i < 9; i++) now = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await ask(page, 'post', `${path}/versions`, { revision: now.revision })
  await reviewer.context().close()
}

const marks = (page) => page.locator('main mark').allInnerTexts()

test('an official finds the moment of a film, a file and a notice, with words as they are typed in a hurry', async () => {
  const page = await as(world, 'hocvien', phone)
  await until('the lessons are read', async () => (await ask(page, 'get', '/api/search?q=le+phi+ho+tich')).groups[1].hits.length > 0)
  await page.getByLabel('Tìm khóa học').fill('le phi ho tich')
  await page.getByRole('link', { name: 'Tìm cả trong bài học' }).click()
  await page.getByRole('heading', { name: 'Bài học' }).waitFor()
  assert.equal(new URL(page.url()).searchParams.get('q'), 'le phi ho tich')
  assert.deepEqual(await marks(page), ['Lệ phí hộ tịch'])
  await page.getByText('phút 0:12').waitFor()
  await look(page, 'search-lesson')

  // While a syllable is composed nothing is asked; what it becomes is.
  await page.setViewportSize(phone)
  const asked = []
  page.on('request', (r) => r.url().includes('/api/search') && asked.push(decodeURIComponent(new URL(r.url()).searchParams.get('q'))))
  const box = page.getByLabel('Từ cần tìm')
  const composed = (words, isComposing) => box.evaluate((e, [words, isComposing]) => {
    e.value = words
    e.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing }))
    if (!isComposing) e.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }))
  }, [words, isComposing])
  await composed('tơ', true)
  await new Promise((r) => setTimeout(r, 500))
  assert.deepEqual(asked, [])
  await composed('tờ khai', false)
  await page.getByRole('heading', { name: 'Tài liệu' }).waitFor()
  assert.deepEqual(asked, ['tờ khai'])
  await look(page, 'search-file')

  await box.fill('129')
  await page.getByRole('heading', { name: 'Văn bản', exact: true }).waitFor()
  await page.getByText('Còn hiệu lực').waitFor()
  await look(page, 'search-law')
  await page.getByRole('button', { name: 'Văn bản', exact: true }).click()
  await page.getByText('Tìm thấy 1 kết quả.').waitFor()
  await page.getByRole('link', { name: /2 khóa học căn cứ/ }).click()
  await page.getByText('Tìm thấy 2 kết quả.').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Khóa học' }).getAttribute('aria-pressed'), 'true')

  await page.getByLabel('Từ cần tìm').fill('công chức tư pháp hộ tịch')
  await page.getByRole('link', { name: 'Một cửa ở đặc khu' }).waitFor()
  await page.getByLabel('Từ cần tìm').fill('khong co gi nhu the')
  await page.getByText('Không tìm thấy gì với').waitFor()
  await page.getByLabel('Từ cần tìm').fill('')
  await page.getByText('Gõ tên thủ tục').waitFor()
  await look(page, 'search-empty')

  // A film opens at the moment, and whoever goes back finds what was found.
  await page.getByRole('button', { name: 'Tất cả' }).click()
  await page.getByLabel('Từ cần tìm').fill('lê phi hô tich')
  await page.getByRole('link', { name: 'Phim: ở quầy số ba' }).click()
  await page.locator('video').waitFor()
  await until('the film stands at the moment', () => page.evaluate(() => Math.abs(document.querySelector('video').currentTime - 12) < 1))
  await page.goBack()
  await page.getByRole('link', { name: 'Phim: ở quầy số ba' }).waitFor()
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('today names the lesson, the moment and the minutes, and what fits into five', async () => {
  const page = await as(world, 'hocvien', phone)
  const { id, lessons } = made
  const e = await ask(page, 'post', `/api/courses/${id}/enrolment`)
  await ask(page, 'post', '/api/learning/events', { events: [{ id: crypto.randomUUID(), enrolment: e.id, lesson: lessons.read, kind: 'read', at: new Date().toISOString() }] })
  await page.goto(`${world.url}/khoa-hoc/${id}/${lessons.video}?luc=9`)
  await page.locator('video').evaluate((film) => film.play())
  await until('some of the film is watched', () => page.evaluate(() => document.querySelector('video').currentTime > 11))
  await page.locator('video').evaluate((film) => film.pause())
  await until('the server knows', async () => (await ask(page, 'get', '/api/today')).continue[0]?.next?.atMs > 10_000)
  await page.goto(`${world.url}/`)
  await page.getByRole('link', { name: 'Bài 1: Phim: ở quầy số ba' }).waitFor()
  await page.getByText(/phút 0:1\d · còn 1 phút/).waitFor()
  await look(page, 'today')

  await page.setViewportSize(phone)
  await page.getByRole('button', { name: '5 phút', exact: true }).click()
  await page.getByRole('heading', { name: 'Vừa trong 5 phút' }).waitFor()
  await look(page, 'today-minutes')
  await page.reload()
  await page.getByRole('heading', { name: 'Vừa trong 5 phút' }).waitFor() // it is remembered
  await page.getByRole('link', { name: 'Phim: ở quầy số ba' }).click()
  await page.locator('video').waitFor()
  await page.goBack()
  await page.getByRole('button', { name: '5 phút', exact: true }).click()
  await page.getByRole('link', { name: 'Bài 1: Phim: ở quầy số ba' }).click()
  await until('the film goes on where it was left', () => page.evaluate(() => document.querySelector('video')?.currentTime > 10))
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('without a network the same page searches what is kept on the device', async () => {
  const context = await world.kept('search', phone)
  const page = await opened(world, context)
  await signIn(page, 'nhansu')
  await ask(page, 'post', `/api/courses/${made.id}/enrolment`)
  await page.goto(`${world.url}/khoa-hoc/${made.id}`)
  await page.getByText(/^Tải về để học khi mất mạng \(\d/).click()
  await page.getByRole('button', { name: /^Tải về \(/ }).click()
  await page.getByText(/^Đã tải về để học/).waitFor({ timeout: 40_000 })
  await page.goto(`${world.url}/tim?q=le+phi+ho+tich`)
  await page.getByText('phút 0:12').waitFor()
  await context.setOffline(true)
  await page.reload()
  await page.getByText('chỉ tìm trong những gì đã tải về máy này').waitFor()
  await page.getByText('phút 0:12').waitFor()
  assert.deepEqual(await marks(page), ['Lệ phí hộ tịch'])
  await look(page, 'search-offline')
  const box = page.getByLabel('Từ cần tìm')
  for (const [words, found] of [['cán bô đén tan nhaf', 'Đăng ký khai sinh lưu động'], ['129 thông báo', 'Văn bản chỉ đạo'], ['to khai tai nha', 'Mẫu tờ khai dùng tại nhà'], ['công chức tư pháp', 'Một cửa ở đặc khu']]) {
    await box.fill(words)
    await page.locator('main h3').getByText(found).first().waitFor()
  }
  await box.fill('khong co gi nhu the')
  await page.getByText('Không tìm thấy gì với').waitFor()
  await context.setOffline(false)
  await page.getByText('chỉ tìm trong những gì').waitFor({ state: 'hidden' })
  await context.close()
})
