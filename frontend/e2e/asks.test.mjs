// A film that stops and asks: made in the studio, answered without a network, and
// there when the learner comes back.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, asking, assetOf, desk, flaws, heard, look, opened, phone, shot, signIn, start, until, uploaded } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const ask = (page, ...what) => asking(world, page)(...what)

const title = 'Tiếp công dân'
let course

/** A question in the open dialog. */
async function written(page, at, text, right) {
  await page.getByLabel('Phim dừng lúc').fill(at)
  await page.getByLabel('Câu hỏi', { exact: true }).fill(text)
  await page.getByLabel('Câu trả lời 1', { exact: true }).fill('Tại trụ sở')
  await page.getByLabel('Câu trả lời 2', { exact: true }).fill('Tại nhà riêng')
  await page.getByLabel(`Câu ${right} đúng`).check()
  await page.getByRole('button', { name: 'Lưu', exact: true }).click()
}

test('an author puts questions into a film and publishes it', async () => {
  const page = await as(world, 'tacgia')
  const film = await uploaded(world, page, 'tiep-dan.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=10:duration=8', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast')
  const draft = await ask(page, 'post', '/api/studio/courses', { code: 'TIEP-01', title, owner: 'SNV' })
  course = draft.card.id
  const content = { ...draft.content, summary: 'Tiếp công dân thế nào.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '129-TB/TU', verified: true }], modules: [{ id: '', title: 'Một', tiet: 1, lessons: [{ id: crypto.randomUUID(), kind: 'video', title: 'Phim', minutes: 30, asset: film.id, coverage: 5000 }] }] }
  await ask(page, 'put', `/api/studio/courses/${course}`, { revision: draft.revision, content })
  await until('the film has its forms', async () => (await assetOf(world, page, film.id)).transcode === 'ready', 60_000)
  await page.goto(`${world.url}/studio/${course}`)
  await page.locator('summary').filter({ hasText: 'Phim' }).click()
  await page.getByRole('button', { name: 'Câu hỏi trong phim (0)' }).click()
  await page.getByText('Chưa có câu hỏi.').waitFor()
  await page.locator('video').evaluate((v) => { v.currentTime = 2 })
  await page.getByRole('button', { name: 'Thêm câu hỏi tại 0:02' }).click()
  assert.equal(await page.getByLabel('Phim dừng lúc').inputValue(), '0:02.000')
  await written(page, '0:09', 'Tiếp công dân ở đâu?', 1)
  await page.getByText('Phim hết ở 0:08.000.').waitFor()
  for (const size of [phone, desk]) {
    await page.setViewportSize(size)
    await shot(page, 'asks-form')
    assert.deepEqual(await flaws(page), [])
  }
  await page.getByLabel('Phim dừng lúc').fill('0:02')
  await page.getByRole('button', { name: 'Lưu', exact: true }).click()
  await page.getByRole('button', { name: /^Thêm câu hỏi tại/ }).click()
  await written(page, '0:02', 'Cán bộ tiếp dân một mình được không?', 2)
  await page.getByText('Lúc này đã có một câu hỏi.').waitFor()
  await page.getByLabel('Phim dừng lúc').fill('0:05')
  await page.getByRole('button', { name: 'Lưu', exact: true }).click()
  await page.getByRole('button', { name: 'Câu hỏi trong phim (2)' }).waitFor()
  await until('it is saved', async () => (await ask(page, 'get', `/api/studio/courses/${course}`)).content.modules[0].lessons[0].questions?.length === 2)
  await look(page, 'asks-editor')
  const path = `/api/studio/courses/${course}`
  const reviewer = await as(world, 'thamdinh')
  let now = await ask(page, 'post', `${path}/review`, { revision: (await ask(page, 'get', path)).revision })
  for (let i = 0; now.review.step !== 'ready' && i < 9; i++) now = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await reviewer.goto(`${world.url}/studio/${course}/tham-dinh`)
  await reviewer.getByRole('heading', { name: 'Câu hỏi lúc 0:05' }).waitFor()
  await look(reviewer, 'asks-review')
  await reviewer.context().close()
  await page.goto(`${world.url}/studio/${course}/xem-thu?khung=1&bai=${now.content.modules[0].lessons[0].id}`)
  await page.getByRole('button', { name: 'Trả lời câu hỏi ở 0:02' }).click()
  await page.getByText('Cán bộ tiếp dân').or(page.getByText('Tiếp công dân ở đâu?')).first().waitFor()
  await ask(page, 'post', `${path}/versions`, { revision: now.revision })
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

const faults = (page) => page.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f))
const playing = (page) => page.locator('video').evaluate((v) => !v.paused)

test('a learner answers without a network, comes back and completes it', async () => {
  let context = await world.kept('phone', phone)
  let page = await opened(world, context)
  await signIn(page, 'hocvien')
  const { id, lessons: [{ lesson }] } = await ask(page, 'post', `/api/courses/${course}/enrolment`)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
  await page.goto(`${world.url}/khoa-hoc/${course}`)
  await page.getByText(/^Tải về để học khi mất mạng \(\d/).click()
  await page.getByRole('button', { name: /^Tải về \(/ }).click()
  await page.getByText(/^Đã tải về để học khi mất mạng \(/).waitFor()
  await context.setOffline(true)
  await page.goto(`${world.url}/khoa-hoc/${course}/${lesson}`)
  await page.getByText('Còn 2 câu hỏi chưa trả lời, ở 0:02, 0:05.').waitFor()
  const video = page.locator('video')
  await until('the film is there', () => video.evaluate((v) => v.readyState >= 2))
  await video.evaluate((v) => { v.muted = true; return v.play() })
  await page.getByRole('heading', { name: 'Câu hỏi lúc 0:02' }).waitFor()
  assert.equal(await playing(page), false)
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Câu hỏi lúc 0:02')
  assert.equal(await heard(page, 'Tiếp công dân ở đâu?'), 'group')
  await shot(page, 'asks-stopped')
  assert.deepEqual(await flaws(page), [])
  // With the keyboard alone: the second answer, which is wrong, then on.
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Chưa đúng hết. Câu đúng được đánh dấu ở trên.').waitFor()
  await look(page, 'asks-answered')
  await page.setViewportSize(phone)
  await page.getByRole('button', { name: 'Xem tiếp', exact: true }).press('Enter')
  await until('it goes on', () => playing(page))
  await page.getByRole('heading', { name: 'Câu hỏi lúc 0:05' }).waitFor()
  await page.getByRole('button', { name: 'Bỏ qua' }).click()
  await until('it ends', () => video.evaluate((v) => v.ended))
  await page.getByText('Còn 1 câu hỏi chưa trả lời, ở 0:05.').waitFor()
  await page.close()

  // Another page of the same phone, still without a network.
  page = await opened(world, context)
  await page.goto(`${world.url}/khoa-hoc/${course}/${lesson}`)
  await page.getByText('Còn 1 câu hỏi chưa trả lời, ở 0:05.').waitFor()
  await until('the film is there again', () => video.evaluate.call(page.locator('video'), (v) => v.readyState >= 2))
  await page.locator('video').evaluate((v) => { v.muted = true; v.currentTime = 1; return v.play() })
  await until('what was answered does not stop it', () => page.locator('video').evaluate((v) => v.currentTime > 2.6))
  await page.locator('video').evaluate((v) => v.pause())
  await context.setOffline(false)
  const state = async () => (await ask(page, 'get', `/api/enrolments/${id}`)).lessons[0]
  await until('the answer is with the server', async () => (await state()).answers?.length === 1)
  assert.equal((await state()).complete, false)
  await page.reload()
  await page.getByText('Còn 1 câu hỏi chưa trả lời, ở 0:05.').waitFor()
  await look(page, 'asks-open')
  await page.setViewportSize(phone)
  await page.getByRole('button', { name: 'Trả lời câu hỏi ở 0:05' }).click()
  await page.getByLabel('Tại nhà riêng').check()
  await page.getByRole('button', { name: 'Trả lời', exact: true }).click()
  await page.getByText('Đã trả lời 2 câu hỏi trong bài.').waitFor()
  await page.getByText('Đã xong bài này').or(page.locator('.state .tag.good')).first().waitFor()
  const done = await state()
  assert.deepEqual([done.complete, done.answers.map((a) => a.chosen)], [true, [[1], [1]]])
  await until('the course is completed', async () => (await ask(page, 'get', `/api/enrolments/${id}`)).completedAt)
  assert.deepEqual(faults(page), [])
})
