// A pre-test, more time for one person, what to go over, and what HR reads of it;
// questions that follow the law they cite.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, asking, look, phone, start } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const topic = 'Khai sinh'
const sentence = (text, article) => ({ type: 'true_false', text, true: true, topic, difficulty: 'easy', cites: [{ number: '9/2026/NĐ-CP', article }] })

/** A course of a pre-test and the article that it excuses from. */
async function published(ask, reviewer) {
  for (const item of [sentence('Ủy ban nhân dân cấp xã đăng ký khai sinh trong ngày làm việc.', 'Điều 5'), sentence('Khai sinh đúng hạn không thu lệ phí.', 'Điều 6')]) await ask('post', '/api/banks/SNV/items', item)
  const draft = await ask('post', '/api/studio/courses', { code: 'KS-09', title: 'Đăng ký khai sinh', owner: 'SNV' })
  const path = `/api/studio/courses/${draft.card.id}`
  const article = { id: '11111111-1111-4111-8111-111111111111', kind: 'article', title: 'Trình tự đăng ký', minutes: 10, blocks: [{ type: 'paragraph', text: [{ text: 'Nhận tờ khai và giấy chứng sinh.' }] }] }
  const quiz = { id: '22222222-2222-4222-8222-222222222222', kind: 'quiz', title: 'Kiểm tra đầu vào', minutes: 5, paper: { bank: 'SNV', draws: [{ topic, count: 2, lesson: article.id }], shuffle: false, minutes: 20, passBp: 10000, feedback: 'marks', excuses: [article.id] } }
  let d = await ask('put', path, { revision: draft.revision, content: { ...draft.content, summary: 'Cho công chức tư pháp – hộ tịch.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '9/2026/NĐ-CP', verified: true }], modules: [{ id: '', title: 'Khai sinh', tiet: 1, lessons: [quiz, article] }] } })
  d = await ask('post', `${path}/review`, { revision: d.revision })
  for (let i = 0; d.review.step !== 'ready' && i < 9; i++) d = await asking(world, reviewer)('post', `${path}/step`, { action: 'pass' })
  await ask('post', `${path}/versions`, { revision: d.revision })
  return { course: d.card.id, quiz: quiz.id }
}

/** Answers both questions as they stand, right or wrong, and hands in. */
async function answer(page, choice) {
  for (const last of [false, true]) {
    await page.getByRole('radio', { name: choice }).check()
    await page.getByRole('button', { name: last ? 'Xem lại và nộp bài ›' : 'Câu sau ›' }).click()
  }
  await page.getByRole('button', { name: 'Nộp bài' }).click()
  await page.getByRole('heading', { name: /Kết quả lượt/ }).waitFor()
}

test('a pre-test excuses who passes it, somebody has more time, and HR reads the results', async () => {
  const [author, reviewer, hr, learner] = await Promise.all([as(world, 'tacgia'), as(world, 'thamdinh'), as(world, 'nhansu'), as(world, 'hocvien', phone)])
  const ask = asking(world, author)
  const { course, quiz } = await published(ask, reviewer)
  const { personId } = await asking(world, learner)('get', '/api/me')

  await hr.goto(`${world.url}/admin/nguoi/${personId}`)
  await hr.getByText('Đặt điều kiện riêng').click()
  await hr.getByLabel('Thêm thời gian').fill('50')
  await hr.getByLabel('Bài kiểm tra hiện chữ to').check()
  await hr.getByLabel('Đến hết ngày').fill('2099-12-31')
  await hr.getByRole('heading', { name: 'Điều kiện riêng khi kiểm tra' }).locator('..').getByRole('button', { name: 'Lưu' }).last().click()
  await hr.getByText('Thêm 50% thời gian').waitFor()
  await look(hr, 'rules-allowance')

  await learner.goto(`${world.url}/khoa-hoc/${course}`)
  await learner.getByText('đầu vào, không bắt buộc').waitFor()
  await learner.getByRole('button', { name: 'Bắt đầu học' }).click()
  await learner.getByText('Nếu bạn đạt bài kiểm tra đầu vào này').waitFor()
  await learner.getByText('(có thêm 10 phút dành riêng cho bạn)').waitFor()
  await look(learner, 'rules-pretest')
  await learner.setViewportSize(phone)
  await learner.getByRole('button', { name: 'Bắt đầu làm bài' }).click()
  await look(learner, 'rules-large')
  await learner.setViewportSize(phone)
  await answer(learner, 'Sai')
  await learner.getByRole('heading', { name: 'Nên ôn lại' }).waitFor()
  await learner.getByText('2 câu chưa đúng hẳn').waitFor()
  await look(learner, 'rules-revise')
  await learner.setViewportSize(phone)
  await learner.getByRole('button', { name: 'Làm lại' }).click()
  await answer(learner, 'Đúng')
  await learner.getByText('được miễn các bài').waitFor()
  await learner.goto(`${world.url}/khoa-hoc/${course}`)
  await learner.getByText('Được miễn').waitFor()
  await learner.getByText(/Hoàn thành ngày/).waitFor()
  await look(learner, 'rules-excused')

  await hr.goto(`${world.url}/hr`)
  await hr.getByRole('link', { name: /BC-04/ }).click()
  await hr.getByLabel('Tìm khóa học').fill('dang ky khai sinh')
  await hr.getByRole('link', { name: 'Đăng ký khai sinh' }).click()
  const more = hr.getByRole('button', { name: 'Xem thêm' })
  for (let i = 0; i < 50 && !(await hr.getByRole('row', { name: /Hoàn thành/ }).nth(1).isVisible()); i++) {
    if (await more.isVisible()) await more.click()
    await hr.waitForTimeout(200)
  }
  await hr.getByRole('rowheader').filter({ hasText: /\(\d{4}\)/ }).first().waitFor()
  await look(hr, 'rules-bc04')
  assert.equal((await hr.request.get(`${world.url}/api/reports/bc04.xlsx?course=${course}`)).headers()['content-type'].split('.').at(-1), 'sheet')

  // The article ends: what cites it is the author's work, and stands on the document's page.
  const law = await ask('post', '/api/laws', { keeper: 'SNV', law: { number: '9/2026/NĐ-CP', kind: 'nghi_dinh', abstract: 'Về hộ tịch', issuer: 'Chính phủ', from: '2026-01-01', articles: 'Điều 5. Đăng ký\nĐiều 6. Lệ phí', changes: [{ label: 'Điều 5', until: '2026-03-01' }] } })
  await author.goto(`${world.url}/studio/van-ban/${law.id}`)
  await author.getByRole('heading', { name: 'Câu hỏi dẫn văn bản này' }).waitFor()
  await author.getByRole('link', { name: /không thu lệ phí/ }).waitFor()
  await look(author, 'rules-law')
  await author.goto(`${world.url}/studio/tham-dinh`)
  await author.getByRole('heading', { name: 'Câu hỏi đã thôi dùng vì văn bản hết hiệu lực' }).waitFor()
  await look(author, 'rules-work')
  await author.goto(`${world.url}/studio/ngan-hang/moi?unit=SNV&type=true_false`)
  await author.getByLabel('Nhận định', { exact: true }).fill('Khai sinh đúng hạn thì không thu lệ phí.')
  await author.getByText('Ngân hàng đã có câu gần giống').waitFor()
  await look(author, 'rules-like')
  assert.ok(quiz)
  for (const page of [author, reviewer, hr, learner]) assert.deepEqual(page.faults, [])
})
