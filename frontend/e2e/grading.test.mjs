// An essay from its rubric to its result: written on a phone that loses its network
// and is closed, with a file; marked by two people with the keyboard alone; told.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { as, asking, heard, look, opened, phone, signIn, start, until } from './world.mjs'

let world
let learner
before(async () => { world = await start() })
after(() => world?.stop())

const topic = 'Tiếp công dân'
const ask = (page, ...what) => asking(world, page)(...what)

async function tabTo(page, target, key = 'Tab') {
  await target.waitFor()
  for (let i = 0; i < 90; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return
    await page.keyboard.press(key)
  }
  assert.fail(`Tab does not reach ${target}`)
}
async function press(page, role, name) {
  await tabTo(page, page.getByRole(role, { name }).first())
  await page.keyboard.press('Enter')
}
const seen = async (page, name) => {
  const size = page.viewportSize()
  await look(page, name)
  await page.setViewportSize(size)
}

/** An author writes the question; the course around it is made by requests. */
async function published(page) {
  await page.goto(`${world.url}/studio/ngan-hang/moi?unit=SNV&type=essay`)
  await page.getByLabel('Đề bài').fill('Công dân đến phản ánh về tiếng ồn.\nĐồng chí xử lý thế nào? Nêu căn cứ.')
  await page.getByLabel('Giới hạn số từ').fill('8')
  await page.getByLabel('Tệp đính kèm').selectOption({ label: 'Tối đa 2 tệp' })
  await page.getByRole('textbox', { name: 'Tiêu chí 1', exact: true }).fill('Nội dung xử lý')
  await page.getByLabel('Điểm của mức 1, tiêu chí 1').fill('7')
  await page.getByLabel('Điểm của mức 2, tiêu chí 1').fill('7')
  await page.getByRole('button', { name: 'Thêm tiêu chí' }).click()
  await page.getByRole('textbox', { name: 'Tiêu chí 2', exact: true }).fill('Trình bày')
  await page.getByLabel('Điểm của mức 1, tiêu chí 2').fill('3')
  await page.getByText('Điểm cao nhất của cả bài: 10').waitFor()
  await page.getByLabel('Hướng dẫn chấm').fill('Cần nêu Điều 15 Luật Tiếp công dân.')
  await page.getByLabel('Chủ đề').fill(topic)
  await page.getByRole('button', { name: 'Lưu', exact: true }).click()
  await page.getByText('Điểm của các mức phải giảm dần, mức tốt nhất ở trên.').first().waitFor()
  await page.getByLabel('Điểm của mức 2, tiêu chí 1').fill('3,5')
  await page.getByRole('button', { name: 'Lưu', exact: true }).click()
  await page.getByText('Đã thêm câu hỏi').waitFor()
  await seen(page, 'an-essay-in-the-bank')

  let draft = await ask(page, 'post', '/api/studio/courses', { code: 'TL-01', title: 'Tiếp công dân: tự luận', owner: 'SNV' })
  const path = `/api/studio/courses/${draft.card.id}`
  draft = await ask(page, 'put', path, { revision: draft.revision, content: {
    ...draft.content, summary: 'Bài tự luận cuối khóa.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '129-TB/TU', verified: true }],
    modules: [{ id: '', title: 'Kiểm tra', tiet: 0, lessons: [{ id: '', kind: 'quiz', title: 'Bài tự luận', minutes: 30, paper: { bank: 'SNV', draws: [{ topic, count: 1 }], shuffle: true, passBp: 6000, attempts: 2, feedback: 'right' } }] }],
  } })
  await page.goto(`${world.url}/studio/${draft.card.id}`)
  await page.getByText('Bài tự luận').first().click()
  await page.getByLabel('Hai người chấm độc lập').check()
  await page.getByLabel('Chấm không nêu tên').check()
  await until('the draft is saved', async () => (draft = await ask(page, 'get', path)).content.modules[0].lessons[0].paper.anonymous)
  await seen(page, 'a-paper-with-two-markers')
  const reviewer = await as(world, 'thamdinh')
  draft = await ask(page, 'post', `${path}/review`, { revision: draft.revision })
  for (let i = 0; draft.review.step !== 'ready' && i < 9; i++) draft = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await ask(page, 'post', `${path}/versions`, { revision: draft.revision })
  return [draft.card.id, reviewer]
}

/** Marks the essay of a code with the keyboard alone: levels by criterion, from 0. */
async function marked(page, code, levels, comment, picture) {
  await page.goto(`${world.url}/studio/cham-bai`)
  await press(page, 'link', `Bài ${code}`)
  await page.getByRole('heading', { level: 1, name: `Bài ${code}` }).waitFor()
  assert.equal(await page.getByText(learner).count(), 0, 'the page names the learner')
  if (picture) await seen(page, picture)
  for (const [name, level] of Object.entries(levels)) {
    const group = page.getByRole('group', { name })
    await tabTo(page, group.getByRole('radio').first())
    await page.keyboard.press('Space')
    for (let i = 0; i < level; i++) await page.keyboard.press('ArrowDown')
    assert.ok(await group.getByRole('radio').nth(level).isChecked())
  }
  await tabTo(page, page.getByRole('textbox', { name: 'Nhận xét' }))
  await page.keyboard.type(comment)
  await press(page, 'button', 'Lưu điểm')
  await page.getByText('Đã lưu điểm.').waitFor()
}

test('an essay is written on a failing network, marked by two people and told', async (t) => {
  const author = await as(world, 'tacgia')
  const [course, reviewer] = await published(author)

  let context = await world.kept('phone', phone)
  let page = await opened(world, context)
  await signIn(page, 'hocvien')
  learner = (await ask(page, 'get', '/api/me')).fullName
  assert.ok(learner)
  const enrolment = await ask(page, 'post', `/api/courses/${course}/enrolment`)
  const url = `${world.url}/khoa-hoc/${course}/${enrolment.lessons[0].lesson}`
  await page.goto(url)
  await page.getByRole('button', { name: 'Bắt đầu làm bài' }).click()
  await page.getByRole('textbox', { name: /^Công dân đến phản ánh/ }).waitFor()
  await heard(page, 'Công dân đến phản ánh')
  await page.getByRole('textbox', { name: /^Công dân đến phản ánh/ }).fill('Tôi mời công dân vào phòng tiếp.')
  await page.locator('p.where').getByText(/^Đã ghi nhận · [0-9a-f]{8}$/).waitFor()
  assert.equal(await page.getByText('Đạt đầy đủ').count(), 0, 'the levels are not told before')
  const file = join(world.folder, 'bien-ban.pdf')
  writeFileSync(file, '%PDF-1.4\nbiên bản\n')
  writeFileSync(join(world.folder, 'anh.exe'), 'MZ')
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByLabel('Đính kèm tệp (còn 2)').click()])
  await chooser.setFiles(join(world.folder, 'anh.exe'))
  await page.getByText(/^Không nhận anh\.exe/).waitFor()

  await context.setOffline(true)
  await page.getByRole('textbox', { name: /^Công dân đến phản ánh/ }).fill('Tôi mời công dân vào phòng tiếp.\nTôi lập biên bản theo Điều 15.')
  await page.locator('p.where').getByText('Đã lưu trên máy', { exact: true }).waitFor()
  await page.getByLabel('Đính kèm tệp (còn 2)').setInputFiles(file)
  await page.getByRole('listitem').filter({ hasText: 'bien-ban.pdf' }).getByText('Đã lưu trên máy').waitFor()
  await page.getByText('14/8 từ').waitFor()
  await seen(page, 'an-essay-offline')
  await context.close()
  t.diagnostic('the browser was closed')

  context = await world.kept('phone', phone)
  page = await opened(world, context)
  await page.goto(url)
  await page.getByRole('button', { name: 'Làm tiếp' }).click()
  await page.getByRole('button', { name: /^Câu 1/ }).click()
  assert.match(await page.getByRole('textbox', { name: /^Công dân đến phản ánh/ }).inputValue(), /Điều 15\.$/)
  await page.getByRole('listitem').filter({ hasText: 'bien-ban.pdf' }).getByText('Đã ghi nhận').waitFor()
  await page.locator('p.where').getByText(/^Đã ghi nhận · [0-9a-f]{8}$/).waitFor()
  await page.getByRole('button', { name: 'Xem lại và nộp bài' }).first().click()
  await page.getByRole('button', { name: 'Nộp bài', exact: true }).click()
  await page.getByText('Bài của bạn đã nộp và đã ghi nhận.').waitFor()
  assert.equal(await page.getByText('Bài học đã hoàn thành').count(), 0)
  await seen(page, 'being-marked')

  const { items } = await ask(reviewer, 'get', '/api/studio/grading')
  assert.equal(items.length, 1)
  const code = items[0].id.slice(-8)
  await reviewer.goto(`${world.url}/studio/cham-bai`)
  await seen(reviewer, 'to-be-marked')
  await marked(reviewer, code, { 'Nội dung xử lý': 0, 'Trình bày': 0 }, 'Đủ ý.', 'marking')
  await marked(author, code, { 'Nội dung xử lý': 1, 'Trình bày': 0 }, 'Thiếu bước xác minh.')
  await author.getByText('Hai người chấm lệch nhau quá 10% số điểm').waitFor()
  await seen(author, 'marks-that-lie-apart')
  await marked(reviewer, code, { 'Nội dung xử lý': 1, 'Trình bày': 0 }, 'Thống nhất: thiếu bước xác minh.')
  await reviewer.getByText('Đã chấm xong: 65% số điểm của câu.').waitFor()

  await page.reload()
  await page.getByRole('button', { name: 'Xem kết quả lượt 1' }).click()
  await page.getByText(/điểm 65\s?%, điểm đạt từ 60\s?%/).waitFor()
  await page.getByText('Thống nhất: thiếu bước xác minh.').waitFor()
  await page.getByText('Đạt một phần').waitFor()
  await page.getByText('Bài học đã hoàn thành').waitFor()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'bien-ban.pdf' }).click()])
  assert.equal(download.suggestedFilename(), 'bien-ban.pdf')
  await seen(page, 'an-essay-with-its-marks')
  assert.deepEqual([author, reviewer, page].flatMap((p) => p.faults).filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), [])
  await context.close()
})

test('a corrected question marks what was done, and the learner reads why', async () => {
  const author = await as(world, 'tacgia')
  const item = await ask(author, 'post', '/api/banks/SNV/items', { type: 'true_false', topic: 'Chấm lại', difficulty: 'easy', text: 'Đơn nặc danh luôn được thụ lý.', true: true })
  const courses = await ask(author, 'get', '/api/studio/courses')
  assert.ok(courses.items.length > 0)
  await author.goto(`${world.url}/studio/ngan-hang/${item.id}`)
  await author.getByLabel('Sai', { exact: true }).check()
  await author.getByRole('button', { name: 'Lưu', exact: true }).click()
  await author.getByRole('heading', { name: 'Chấm lại bài đã làm' }).waitFor()
  await author.getByRole('button', { name: 'Chấm lại theo phiên bản 2' }).click()
  await author.getByText('Hãy ghi lý do chấm lại.').waitFor()
  await author.getByLabel('Lý do (người học đọc được)').fill('Đáp án phiên bản 1 ghi nhầm.')
  await author.getByRole('button', { name: 'Chấm lại theo phiên bản 2' }).click()
  await author.getByText(/Lý do: Đáp án phiên bản 1 ghi nhầm\..*Đang chấm lại/).waitFor()
  await seen(author, 'a-correction')
  await author.context().close()
})
