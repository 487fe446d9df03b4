// Surveys: a learner rates, reacts, evaluates and is followed up; a leader too; the
// author and HR see what five people said, and nothing before.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MongoClient } from 'mongodb'
import { as, asking, contextOf, look, password, phone, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const statements = ['Tôi tự đăng ký được khai sinh quá hạn', 'Tôi trả lời được người dân về lệ phí hộ tịch']

/** Asks the API as somebody, without a page. */
async function caller(username) {
  const context = await contextOf(world)
  const ask = asking(world, context)
  await ask('post', '/api/session', { username, password })
  return { ask, close: () => context.close() }
}

async function seen(page, name) {
  await look(page, name)
  await page.setViewportSize(phone)
}

/** Goes with Tab to what is to be used, as somebody without a mouse does. */
async function tabTo(page, target) {
  await target.waitFor()
  for (let i = 0; i < 120; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not reach ${target}`)
}
async function press(page, target) {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

/** Chooses a step of each scale in a part of the page, with the keyboard. */
async function choose(page, part, step) {
  for (const group of await part.getByRole('group').all()) {
    const first = group.getByRole('radio').first()
    await tabTo(page, first)
    await page.keyboard.press('Space')
    for (let i = 1; i < step; i++) await page.keyboard.press('ArrowRight')
    assert.ok(await group.getByRole('radio').nth(step - 1).isChecked())
  }
}

/** The author writes what is rated in the editor; the course is published. */
async function published() {
  const author = await as(world, 'tacgia')
  const reviewer = await caller('thamdinh')
  const api = await caller('tacgia')
  let draft = await api.ask('post', '/api/studio/courses', { code: 'KS-01', title: 'Hộ tịch: khai sinh', owner: 'SNV' })
  const path = `/api/studio/courses/${draft.card.id}`
  await api.ask('put', path, { revision: draft.revision, content: {
    ...draft.content, summary: 'Đăng ký khai sinh.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '60/2014/QH13', verified: true }],
    modules: [{ id: '', title: 'Khai sinh', tiet: 1, lessons: [{ id: '', kind: 'article', title: 'Khai sinh quá hạn', minutes: 45, blocks: [{ type: 'paragraph', text: [{ text: 'Quá sáu mươi ngày thì vẫn đăng ký.' }] }] }] }],
  } })
  await author.goto(`${world.url}/studio/${draft.card.id}`)
  for (const [i, text] of statements.entries()) {
    await author.getByRole('button', { name: 'Thêm câu tự chấm' }).click()
    await author.getByLabel(`Câu ${i + 1}`, { exact: true }).fill(text)
  }
  await author.getByText('Đã lưu', { exact: true }).waitFor()
  await look(author, 'surveys-editor')
  draft = await api.ask('get', path)
  assert.deepEqual(draft.content.statements.map((x) => x.text), statements)
  draft = await api.ask('post', `${path}/review`, { revision: draft.revision })
  for (let i = 0; draft.review.step !== 'ready' && i < 9; i++) draft = await reviewer.ask('post', `${path}/step`, { action: 'pass' })
  await api.ask('post', `${path}/versions`, { revision: draft.revision })
  await Promise.all([reviewer.close(), api.close()])
  return { author, course: draft.card.id }
}

/** Somebody takes the whole course and answers everything, by the API. */
async function answers(username, course) {
  const { ask, close } = await caller(username)
  const e = await ask('post', `/api/courses/${course}/enrolment`)
  const say = (kind, body) => ask('post', `/api/enrolments/${e.id}/surveys/${kind}`, { event: crypto.randomUUID(), ...body })
  const rated = (view, choice) => ({ choices: Object.fromEntries(view.statements.map((x) => [x.id, choice])) })
  let view = await ask('get', `/api/enrolments/${e.id}/surveys`)
  await say('before', rated(view, 1))
  await ask('post', '/api/learning/events', { events: [{ id: crypto.randomUUID(), enrolment: e.id, lesson: e.lessons[0].lesson, kind: 'read', at: new Date().toISOString() }] })
  view = await ask('get', `/api/enrolments/${e.id}/surveys`)
  await say('reaction', { choices: { reaction: 1 } })
  await say('comment', { text: `Nên có thêm mẫu tờ khai (${username.length} chữ).` })
  await say('after', rated(view, 3))
  const choices = Object.fromEntries(view.template.dimensions.flatMap((d, i) => d.questions.map((_, j) => [`d${i}q${j}`, 3])))
  await say('evaluation', { choices, template: view.template.from, text: 'Rút ngắn phần đầu.' })
  await close()
}

async function learns(page, course) {
  await page.goto(`${world.url}/khoa-hoc/${course}`)
  await press(page, page.getByRole('button', { name: 'Bắt đầu học' }))
  const rating = page.locator('details', { hasText: 'Trước khi học' })
  await rating.getByRole('group').first().waitFor()
  await press(page, rating.getByRole('button', { name: 'Gửi' }))
  await page.getByRole('alert').getByText('Còn 2 câu chưa trả lời').waitFor()
  await seen(page, 'surveys-before')
  await choose(page, rating, 2)
  await press(page, rating.getByRole('button', { name: 'Gửi' }))
  await page.getByText('Đã ghi phần tự chấm trước khóa.').waitFor()
  await press(page, page.getByRole('button', { name: 'Học tiếp' }))
  await press(page, page.getByRole('button', { name: 'Tôi đã đọc xong' }))
  await page.getByText('Bạn đã hoàn thành khóa học').waitFor()
  await press(page, page.getByRole('link', { name: 'Về trang khóa học' }))
}

async function reacts(page) {
  const best = page.getByRole('button', { name: 'Rất có ích cho việc của tôi' })
  await best.waitFor()
  await seen(page, 'surveys-after')
  await page.context().setOffline(true) // a tap on an island
  await press(page, best)
  await page.getByText('Đã lưu trên máy, sẽ gửi khi có mạng.').waitFor()
  await page.context().setOffline(false)
  await page.getByText(/^Khóa học này giúp gì.* · Đã ghi nhận/).waitFor()
  await tabTo(page, page.getByLabel('Viết thêm một câu'))
  await page.keyboard.type('Bài học sát việc ở xã đảo.')
  await press(page, page.locator('form', { hasText: 'Viết thêm' }).getByRole('button', { name: 'Gửi' }))
  await until('the sentence is sent', async () => (await page.getByLabel('Viết thêm một câu').count()) === 0)
  const again = page.getByRole('region', { name: 'Sau khi học: chấm lại' })
  for (const group of await again.getByRole('group').all()) await group.getByRole('radio').nth(3).check()
  await press(page, again.getByRole('button', { name: 'Gửi' }))
  await page.getByText('Sau khi học: chấm lại · Đã ghi nhận').waitFor()
}

async function evaluates(page) {
  await press(page, page.getByRole('link', { name: 'Mở phiếu đánh giá' }))
  await page.getByRole('group').first().waitFor()
  await choose(page, page.getByRole('region', { name: '1. Chương trình' }), 4)
  await page.reload() // what was filled in is there again
  await page.getByText('Đã trả lời 3/13 câu').waitFor()
  await seen(page, 'surveys-evaluation')
  for (const group of (await page.locator('form').getByRole('group').all()).slice(3)) await group.getByRole('radio').nth(3).check()
  await page.getByLabel('Điều nên cải tiến').fill('Thêm ví dụ ở đảo.')
  await press(page, page.getByRole('button', { name: 'Gửi' }))
  await page.getByText('Đã ghi nhận. Cảm ơn').waitFor()
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith('haidang.survey'))), [])
}

/** Answers the follow-up of the course, on a phone. */
async function follows(page, link, choice, text, name) {
  await page.goto(world.url)
  await page.getByRole('link', { name: link }).click()
  const item = page.getByRole('listitem').filter({ hasText: 'Hộ tịch: khai sinh' }).first()
  await tabTo(page, item.getByRole('radio').first())
  await page.keyboard.press('Space')
  for (let i = 0; i < 4 && !(await item.getByLabel(choice).isChecked()); i++) await page.keyboard.press('ArrowDown')
  await item.getByRole('textbox').fill(text)
  if (name) await seen(page, name)
  await press(page, item.getByRole('button', { name: 'Gửi' }))
  await item.getByText('Đã ghi nhận. Cảm ơn').waitFor()
}

/** Puts the learner's completion forty days back, as if the time had passed. */
async function fortyDaysLater(course) {
  const client = await MongoClient.connect(world.mongo, { directConnection: true })
  const { matchedCount } = await client.db('haidang').collection('completions').updateMany({ course }, { $set: { completedAt: new Date(Date.now() - 40 * 86_400_000) } })
  await client.close()
  assert.ok(matchedCount > 0)
}

test('five people say what a course was worth, and nobody sees which of them', async () => {
  const { author, course } = await published()
  const page = await as(world, 'hocvien', phone)
  await learns(page, course)
  await reacts(page)
  await evaluates(page)
  await author.goto(`${world.url}/studio/${course}/khao-sat`)
  await author.getByText('Chưa đủ 5 câu trả lời').waitFor()
  for (const username of ['lanhdao', 'thamdinh', 'xuatban', 'kiemtra']) await answers(username, course)
  await author.reload()
  await author.getByText('84,00/100 điểm · Tốt').or(author.getByText('80,00/100 điểm · Tốt')).waitFor()
  await author.getByRole('row', { name: /Rất có ích cho việc của tôi 1 20/ }).waitFor()
  await author.getByRole('row', { name: /quá hạn 2,00 4,00 \+2,00/ }).waitFor()
  await author.getByRole('button', { name: /Đọc lời viết: Cảm nhận/ }).click()
  await author.getByText('Bài học sát việc ở xã đảo.').waitFor()
  await look(author, 'surveys-results')

  await fortyDaysLater(course)
  await follows(page, /1 câu hỏi sau khóa học/, 'Vài lần', 'Đã đăng ký khai sinh cho một cháu bốn tháng tuổi.', 'surveys-follow-up')
  const leader = await as(world, 'lanhdao', phone)
  await follows(leader, /^Lãnh đạo:/, 'Có, rõ ràng', 'Hồ sơ khai sinh quá hạn làm xong trong ngày.')

  const hr = await as(world, 'nhansu')
  await hr.goto(`${world.url}/hr/khao-sat`)
  await hr.getByRole('link', { name: 'Hộ tịch: khai sinh' }).click()
  await hr.getByRole('heading', { name: 'Kết quả khảo sát: Hộ tịch' }).waitFor()
  const admin = await as(world, 'quantri')
  await admin.goto(`${world.url}/admin/mau-danh-gia`)
  await admin.getByRole('button', { name: 'Làm mẫu mới từ mẫu này' }).click()
  await look(admin, 'surveys-templates')
  await admin.getByRole('button', { name: 'Lưu mẫu' }).click()
  await admin.getByText('Sắp tới, còn sửa được').waitFor()
  for (const p of [author, page, leader, hr, admin]) assert.deepEqual(p.faults.filter((f) => !/INTERNET_DISCONNECTED/.test(f)), [])
})
