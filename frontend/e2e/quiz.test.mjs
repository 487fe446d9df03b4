// A quiz with the keyboard alone: on a phone that loses its network, is killed
// and opened again, and beside a second device. No answer is lost.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { as, asking, device, flaws, heard, look, opened, phone, shot, signIn, start, until } from './world.mjs'

let world
let course
before(async () => {
  world = await start()
  course = await published()
})
after(() => world?.stop())

const topic = 'Tiếp công dân'
const law = 'Luật Tiếp công dân quy định thời hạn [[1]] ngày và nơi tiếp là [[2]].'
const items = [
  { type: 'single', text: 'Ai chịu trách nhiệm tiếp công dân định kỳ ở xã?', options: [{ text: 'Chủ tịch Ủy ban nhân dân xã', right: true }, { text: 'Công chức văn phòng' }, { text: 'Trưởng thôn' }], note: 'Điều 15.\nTiếp ít nhất hai ngày trong một tháng.' },
  { type: 'multiple', text: 'Sổ tiếp công dân ghi những gì?', options: [{ text: 'Họ tên, địa chỉ của công dân', right: true }, { text: 'Nội dung trình bày và kết quả xử lý theo thẩm quyền của người tiếp công dân', right: true }, { text: 'Số tài khoản ngân hàng' }] },
  { type: 'true_false', text: 'Công dân được nhờ người khác trình bày thay khi già yếu.', true: true },
  { type: 'short', text: 'Nơi tiếp công dân phải niêm yết văn bản nào?', gaps: [{ accepted: ['nội quy'] }] },
  { type: 'number', text: 'Thời hạn thụ lý khiếu nại là bao nhiêu ngày?', number: { value: 10, tolerance: 0, unit: 'ngày' } },
  { type: 'matching', text: 'Nối đơn với cách xử lý.', options: [{ text: 'Đơn tố cáo', match: 'Chuyển cơ quan có thẩm quyền' }, { text: 'Đơn kiến nghị', match: 'Ghi nhận và trả lời' }] },
  { type: 'ordering', text: 'Xếp các bước tiếp công dân.', options: [{ text: 'Đón tiếp' }, { text: 'Nghe trình bày và ghi chép' }, { text: 'Trả lời hoặc hướng dẫn' }] },
  { type: 'gaps', text: law, gaps: [{ accepted: ['10', 'mười'] }, { accepted: ['trụ sở'] }] },
]

const ask = (page, ...what) => asking(world, page)(...what)

const quiz = (title, paper) => ({ id: '', kind: 'quiz', title, minutes: 30, paper: { bank: 'SNV', draws: [{ topic, count: 8 }], shuffle: true, ...paper } })

/** Eight questions in the bank, and a course whose only lessons ask them. */
async function published() {
  const page = await as(world, 'tacgia')
  for (const item of items) await ask(page, 'post', '/api/banks/SNV/items', { topic, difficulty: 'easy', ...item })
  const lessons = [quiz('Bài kiểm tra cuối khóa', { minutes: 30, attempts: 3, feedback: 'right' }), quiz('Bài luyện tập', { minutes: 10, feedback: 'score' })]
  const id = await courseOf(page, 'KT-01', 'Tiếp công dân: kiểm tra', lessons)
  await page.context().close()
  return id
}

/** Publishes a course of quizzes. */
async function courseOf(page, code, title, lessons) {
  const reviewer = await as(world, 'thamdinh')
  let draft = await ask(page, 'post', '/api/studio/courses', { code, title, owner: 'SNV' })
  const path = `/api/studio/courses/${draft.card.id}`
  draft = await ask(page, 'put', path, { revision: draft.revision, content: {
    ...draft.content, summary: 'Kiểm tra cuối khóa.', knowledge: 'vi_tri_viec_lam', tiet: 1, citations: [{ number: '129-TB/TU', verified: true }],
    modules: [{ id: '', title: 'Kiểm tra', tiet: 0, lessons }],
  } })
  draft = await ask(page, 'post', `${path}/review`, { revision: draft.revision })
  for (let i = 0; draft.review.step !== 'ready' && i < 9; i++) draft = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await ask(page, 'post', `${path}/versions`, { revision: draft.revision })
  await reviewer.context().close()
  return draft.card.id
}

/** Looks at both sizes, and goes on with the phone's. */
async function seen(page, name) {
  await look(page, name)
  await page.setViewportSize(phone)
}

/** Goes with Tab to what is to be used, as somebody without a mouse does. */
async function tabTo(page, target, key = 'Tab') {
  await target.waitFor()
  for (let i = 0; i < 80; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return
    await page.keyboard.press(key)
  }
  assert.fail(`Tab does not reach ${target}`)
}
async function press(page, name, exact = false) {
  await tabTo(page, page.getByRole('button', { name, exact }).first())
  await page.keyboard.press('Enter')
}
async function write(page, label, text) {
  await tabTo(page, page.getByRole('textbox', { name: label }))
  await page.keyboard.type(text)
}

/** How each type is answered, and right. */
const answers = {
  async single(page) {
    const right = page.getByRole('radio', { name: 'Chủ tịch Ủy ban nhân dân xã' })
    const first = page.getByRole('radio').first()
    await tabTo(page, first)
    await page.keyboard.press('Space')
    // A choice can be taken back, and the keyboard is where it was.
    await press(page, 'Bỏ chọn')
    await until('no option is chosen', async () => (await page.locator('input:checked').count()) === 0 && (await first.evaluate((e) => e === document.activeElement)))
    await page.keyboard.press('Space')
    for (let i = 0; i < 3 && !(await right.isChecked()); i++) await page.keyboard.press('ArrowDown')
    assert.ok(await right.isChecked())
  },
  async multiple(page) {
    for (const name of [/^Họ tên/, /^Nội dung trình bày/]) {
      await tabTo(page, page.getByRole('checkbox', { name }))
      await page.keyboard.press('Space')
    }
  },
  async true_false(page) {
    await tabTo(page, page.getByRole('radio', { name: 'Đúng' }))
    await page.keyboard.press('Space')
  },
  short: (page) => write(page, /niêm yết/, 'Nội quy'),
  number: (page) => write(page, /thụ lý/, '10'),
  async matching(page) {
    for (const [name, match] of [['Đơn tố cáo', 'Chuyển'], ['Đơn kiến nghị', 'Ghi']]) {
      const select = page.getByRole('combobox', { name })
      await tabTo(page, select)
      await page.keyboard.type(match)
      await page.keyboard.press('Enter')
      await until(`${name} is matched`, async () => (await select.evaluate((s) => s.selectedOptions[0].textContent)).startsWith(match))
    }
  },
  async ordering(page) {
    const order = async () => (await page.locator('li .what').allTextContents()).map((t) => items[6].options.findIndex((o) => t.endsWith(o.text)))
    await page.getByText('Chưa trả lời').waitFor()
    const came = await order()
    for (let done = 0; done < 3; done++) {
      for (let at = (await order()).indexOf(done); at > done; at--) {
        const name = `Lên một bậc: ${items[6].options[done].text}`
        await press(page, name)
        // The item took the focus along.
        assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), new RegExp(items[6].options[done].text))
        await page.getByText(`${items[6].options[done].text}: vị trí ${at}/3`).waitFor({ state: 'attached' })
      }
    }
    if (came.join() === '0,1,2') await press(page, 'Giữ thứ tự này')
    assert.deepEqual(await order(), [0, 1, 2])
  },
  async gaps(page) {
    await write(page, 'Chỗ trống 1', '10')
    await write(page, 'Chỗ trống 2', 'trụ sở')
  },
}

/** The type of the question on the screen. */
async function typeHere(page) {
  const text = await page.locator('.question').textContent()
  const found = items.find((item) => text.includes(item.type === 'gaps' ? 'Luật Tiếp công dân quy định thời hạn' : item.text))
  return found.type
}
const numberHere = async (page) => Number(/Câu (\d+)\/8/.exec(await page.getByRole('heading', { level: 2, name: /^Câu \d\/8$/ }).textContent())[1])
const state = (page) => page.locator('p.where')
// A page that was opened without a network is not told when there is one: it tries every ten seconds.
const recorded = (page) => state(page).getByText(/^Đã ghi nhận · [0-9a-f]{8}$/).waitFor({ timeout: 30_000 })
const onDevice = (page) => state(page).getByText('Đã lưu trên máy', { exact: true }).waitFor()
const next = async (page) => {
  const n = await numberHere(page)
  await press(page, /^(Câu sau|Xem lại và nộp bài) ›$/)
  if (n < 8) await page.getByRole('heading', { level: 2, name: `Câu ${n + 1}/8` }).waitFor()
}
const copies = (page) => page.evaluate(() => new Promise((done, failed) => {
  const open = indexedDB.open('haidang-quiz')
  open.onerror = failed
  open.onsuccess = () => {
    const tx = open.result.transaction(['sheets', 'answers'])
    const counts = ['sheets', 'answers'].map((s) => tx.objectStore(s).count())
    tx.oncomplete = () => { open.result.close(); done(counts.map((c) => c.result)) }
  }
}))

const enrolled = (page, id = course) => ask(page, 'post', `/api/courses/${id}/enrolment`)

/** How long the network is away before the browser is killed, and after: HAIDANG_CUT seconds in all. */
const away = () => setTimeout(Number(process.env.HAIDANG_CUT ?? 2) * 500)

/** Until the device has the app, which opens without a network from then on. */
const installed = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))

/** What only a network that is away makes a browser say. */
const faults = (page) => page.faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(fault))

test('every type is answered with the keyboard, without a network as well, and nothing is lost', async (t) => {
  let context = await world.kept('phone', phone)
  let page = await opened(world, context)
  await signIn(page, 'hocvien')
  await context.close() // or its cookies would be on the disk half a minute later only, too late for what comes
  context = await world.kept('phone', phone)
  page = await opened(world, context)
  const enrolment = await enrolled(page)
  await installed(page)
  const url = `${world.url}/khoa-hoc/${course}/${enrolment.lessons[0].lesson}`
  await page.goto(url)
  await page.getByText('30 phút').waitFor()
  await page.getByText('còn 3/3 lượt').waitFor()
  await seen(page, 'before-an-attempt')
  await press(page, 'Bắt đầu làm bài')
  await page.getByRole('heading', { level: 2, name: 'Câu 1/8' }).waitFor()
  await page.getByRole('timer').getByText(/^Còn (29|30) phút$/).waitFor()

  const answer = async (also) => {
    const type = await typeHere(page)
    await state(page).getByText('Chưa trả lời').waitFor()
    await answers[type](page)
    await also(page)
    await seen(page, `question-${type}`)
    const role = await heard(page, type === 'gaps' ? 'Luật Tiếp công dân quy định thời hạn' : items.find((item) => item.type === type).text)
    t.diagnostic(`${await numberHere(page)}: ${type}, told as ${role}`)
  }
  for (let i = 0; i < 4; i++) {
    await answer(recorded)
    await next(page)
  }
  await page.getByText('Đã trả lời 4/8 câu hỏi').waitFor()

  await context.setOffline(true)
  for (let i = 4; i < 6; i++) {
    await answer(onDevice)
    await page.getByText(/^Đang mất mạng\. Bạn cứ làm tiếp/).waitFor()
    await next(page)
  }
  await seen(page, 'without-a-network')
  await press(page, 'Xem lại và nộp bài', true)
  await page.getByText('Còn 2/8 câu hỏi chưa trả lời:').waitFor()
  await page.getByText('2 câu trả lời đã lưu trên máy này và đang chờ gửi.').waitFor()
  await press(page, 'Nộp bài, bỏ trống 2 câu')
  await page.getByText(/^Chưa nộp được bài vì mất mạng/).waitFor()
  await seen(page, 'not-handed-in')
  assert.deepEqual(faults(page), [])
  await away()
  await world.killed('phone', context)
  t.diagnostic('the browser was killed')

  context = await world.kept('phone', phone)
  await context.setOffline(true)
  page = await opened(world, context)
  await page.goto(url)
  await page.getByText('Lượt làm bài số 1 được lưu trên máy này.').waitFor()
  await seen(page, 'opened-without-a-server')
  await press(page, 'Làm tiếp')
  await page.getByRole('heading', { level: 2, name: 'Câu 7/8' }).waitFor()
  await page.getByText('Đã trả lời 6/8 câu hỏi').waitFor()
  await answer(onDevice)
  assert.deepEqual(await copies(page), [1, 7])

  await away()
  const fresh = page.waitForResponse((r) => /\/api\/attempts\/[^/]+$/.test(r.url()))
  await context.setOffline(false)
  await recorded(page)
  await fresh
  // Between two questions the page comes back as it is with a network.
  await press(page, 'Câu 2, đã trả lời')
  await page.getByRole('link', { name: 'Tiếp công dân: kiểm tra' }).waitFor()
  await page.getByRole('heading', { level: 2, name: 'Câu 2/8' }).waitFor()
  for (let n = 1; n <= 7; n++) {
    await press(page, `Câu ${n}, đã trả lời`)
    await page.getByRole('heading', { level: 2, name: `Câu ${n}/8` }).waitFor()
    await recorded(page)
  }

  const other = await as(world, 'hocvien')
  await other.goto(url)
  await press(other, 'Làm tiếp')
  await other.getByRole('heading', { level: 2, name: 'Câu 8/8' }).waitFor()
  await other.getByText('Đã trả lời 7/8 câu hỏi').waitFor()
  await answers[await typeHere(other)](other)
  await recorded(other)
  assert.deepEqual(faults(other), [])
  await other.context().close()
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.getByText('Đã trả lời 8/8 câu hỏi').waitFor()

  await press(page, 'Xem lại và nộp bài', true)
  await page.getByText('Bạn đã trả lời đủ 8 câu hỏi.').waitFor()
  await seen(page, 'before-handing-in')
  await press(page, 'Nộp bài', true)
  await page.getByRole('heading', { level: 2, name: 'Kết quả lượt 1' }).waitFor()
  await page.getByText(/điểm 100\s?%, điểm đạt từ 50\s?%/).waitFor()
  await page.getByText('Bài học đã hoàn thành').waitFor()
  assert.equal(await page.getByText('1/1 điểm').count(), 8)
  assert.equal(await page.getByText('Đáp án đúng').count(), 8)
  await page.getByText('Điều 15.').waitFor()
  await seen(page, 'result')
  assert.deepEqual(await copies(page), [0, 0])
  await press(page, 'Xem các lượt làm bài')
  await page.getByText('còn 2/3 lượt').waitFor()
  await seen(page, 'after-an-attempt')
  assert.deepEqual(faults(page), [])
  await context.close()
})

test('an answer that comes after another device handed in is kept, and a person decides', async () => {
  const [page, other] = [await as(world, 'hocvien', phone), await as(world, 'hocvien', phone)]
  const enrolment = await enrolled(page)
  const url = `${world.url}/khoa-hoc/${course}/${enrolment.lessons[0].lesson}`
  await page.goto(url)
  await press(page, /^(Bắt đầu làm bài|Làm lại)$/)
  await page.getByRole('heading', { level: 2, name: 'Câu 1/8' }).waitFor()
  await other.goto(url)
  await press(other, 'Làm tiếp')
  await other.getByRole('heading', { level: 2, name: 'Câu 1/8' }).waitFor()

  await page.context().setOffline(true)
  await answers[await typeHere(page)](page)
  await onDevice(page)
  await press(other, 'Xem lại và nộp bài', true)
  await press(other, 'Nộp bài, bỏ trống 8 câu')
  await other.getByText('Chưa đạt').first().waitFor()
  await seen(other, 'not-passed')
  await page.context().setOffline(false)
  await page.getByText(/^Có câu trả lời đến sau khi lượt làm bài kết thúc/).waitFor()
  await seen(page, 'late')
  assert.deepEqual(await copies(page), [0, 0])
  assert.deepEqual([...faults(page), ...faults(other)], [])
  await Promise.all([page, other].map((p) => p.context().close()))
})

test('when the time is over, what there is is handed in as soon as there is a network', async () => {
  const page = await device(world, phone)
  await page.clock.install()
  await signIn(page, 'hocvien')
  const enrolment = await enrolled(page)
  await page.goto(`${world.url}/khoa-hoc/${course}/${enrolment.lessons[1].lesson}`)
  await press(page, 'Bắt đầu làm bài')
  await page.getByRole('heading', { level: 2, name: 'Câu 1/8' }).waitFor()
  await page.getByRole('timer').getByText(/^Còn (9|10) phút$/).waitFor()
  await page.context().setOffline(true)
  await page.clock.fastForward('05:02')
  await page.locator('[aria-live=polite]').getByText('Còn 5 phút').waitFor({ state: 'attached' })
  await page.clock.fastForward('04:03')
  await page.getByRole('timer').getByText(/^Còn \d\d giây$/).waitFor()
  await shot(page, 'last-minute')
  await page.clock.fastForward('01:00')
  await page.getByText('Đã hết thời gian làm bài.').waitFor()
  await page.getByText(/^Đang mất mạng\. Các câu trả lời được giữ trên máy này/).waitFor()
  assert.deepEqual(await flaws(page), [])
  await shot(page, 'time-over')
  await page.context().setOffline(false)
  await page.getByRole('heading', { level: 2, name: 'Kết quả lượt 1' }).waitFor()
  await page.getByText('Bài kiểm tra này chỉ cho xem điểm chung.').waitFor()
  assert.deepEqual(await flaws(page), [])
  await shot(page, 'only-the-score')
  assert.deepEqual(faults(page), [])
  await page.context().close()
})

/** A form of the state, drawn by the browser. */
async function form(page) {
  const other = await page.context().newPage()
  await other.setViewportSize({ width: 800, height: 560 })
  const line = (name) => `<p>${name} <span style="display:inline-block;width:60%;border-bottom:1px dotted #000">&nbsp;</span></p>`
  const sign = (who) => `<div style="text-align:center;width:40%"><b>${who}</b><br><i>(Ký, ghi rõ họ tên)</i></div>`
  await other.setContent(`<body style="font:20px serif;padding:24px;margin:0"><h2 style="text-align:center">TỜ KHAI ĐĂNG KÝ KHAI SINH</h2>${['Kính gửi:', 'Họ, tên người yêu cầu:', 'Nơi cư trú:', 'Họ, tên người được khai sinh:'].map(line).join('')}<div style="display:flex;justify-content:space-between;margin-top:48px">${sign('CÁN BỘ TIẾP NHẬN')}${sign('NGƯỜI YÊU CẦU')}</div></body>`)
  const picture = await other.screenshot()
  await other.close()
  return picture
}

const scene = (page, n) => page.getByRole('group', { name: new RegExp(`^Cảnh ${n}( |$)`) })
const focused = (page) => page.evaluate(() => document.activeElement.textContent)

async function madeHotspot(page) {
  await page.goto(`${world.url}/studio/ngan-hang/moi?unit=SNV&type=hotspot&topic=${encodeURIComponent('Tình huống')}`)
  await write(page, 'Câu hỏi', 'Người dân ký ở đâu?')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Chỉ đánh dấu một chỗ.')
  await page.getByLabel('Chọn tệp').setInputFiles({ name: 'to-khai.png', mimeType: 'image/png', buffer: await form(page) })
  await page.getByText('Sẵn sàng').waitFor()
  for (const [n, name] of [[1, 'Ô bên phải, cuối trang'], [2, 'Ô bên trái, cuối trang']]) {
    await press(page, 'Thêm vùng')
    await page.keyboard.type(name)
    if (n === 1) {
      await page.keyboard.press('Tab')
      await page.keyboard.press('Space')
    }
    for (const [side, value] of [['Cách mép trái (%)', n === 1 ? 56 : 4], ['Cách mép trên (%)', 76], ['Chiều rộng (%)', 38], ['Chiều cao (%)', 16]]) {
      await tabTo(page, page.getByRole('group', { name: `Vị trí của Vùng ${n}` }).getByLabel(side))
      await page.keyboard.press('Control+A')
      await page.keyboard.type(String(value))
    }
  }
  // The second is moved by a percent and back with arrows, the third is drawn.
  await tabTo(page, page.getByRole('button', { name: 'Vùng 2: Ô bên trái, cuối trang', exact: true }), 'Shift+Tab')
  await page.keyboard.press('ArrowRight')
  assert.equal(await page.getByRole('group', { name: 'Vị trí của Vùng 2' }).getByLabel('Cách mép trái (%)').inputValue(), '5')
  const board = page.getByRole('group', { name: 'Các vùng trên hình' }).locator('img')
  await board.scrollIntoViewIfNeeded()
  const box = await board.boundingBox()
  await page.mouse.move(box.x + box.width * 0.05, box.y + box.height * 0.2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.95, box.y + box.height * 0.3, { steps: 3 })
  await page.mouse.up()
  await page.getByRole('group', { name: 'Vị trí của Vùng 3' }).waitFor()
  await press(page, 'Lưu', true)
  await page.getByRole('alert').getByText('Mô tả hình: Chưa ghi.').waitFor()
  await page.getByRole('alert').getByText('Vùng 3: Chưa ghi.').waitFor()
  await write(page, 'Mô tả hình', 'Tờ khai đăng ký khai sinh, cuối trang có hai ô ký tên')
  await tabTo(page, page.getByRole('group', { name: 'Vùng 3', exact: true }).getByLabel('Tên vùng (người học đọc được)'))
  await page.keyboard.type('Dòng Kính gửi')
  await look(page, 'author-hotspot')
  await press(page, 'Lưu', true)
  await page.getByText('Đã thêm câu hỏi vào ngân hàng.').waitFor()
  return new URL(page.url()).pathname.split('/').pop()
}

async function madeScenario(page) {
  await page.goto(`${world.url}/studio/ngan-hang/moi?unit=SNV&type=scenario&topic=${encodeURIComponent('Tình huống')}`)
  await write(page, 'Câu hỏi', 'Bạn trực ở bộ phận một cửa. Một người dân đến, hồ sơ thiếu giấy.')
  await press(page, 'Thêm cảnh')
  const texts = [['Người dân đã chờ 40 phút và bực mình.', ['Xin lỗi và mời ngồi', 'Người dân bớt bực, ngồi xuống.', 40, 'Cảnh 2'], ['Gọi người tiếp theo', 'Người dân bỏ về.', 0, 'Kết thúc']],
    ['Hồ sơ thiếu giấy chứng sinh.', ['Trả lại hồ sơ', 'Người dân phải đi thêm một chuyến.', 10, 'Kết thúc'], ['Hướng dẫn làm cam đoan', 'Hồ sơ được nhận ngay hôm đó.', 60, 'Cảnh 1']]]
  for (const [i, [text, ...ways]] of texts.entries()) {
    const group = scene(page, i + 1)
    await tabTo(page, group.getByLabel('Chuyện gì xảy ra'), i === 0 ? 'Shift+Tab' : 'Tab')
    await page.keyboard.type(text)
    for (const [j, [what, then, points, next]] of ways.entries()) {
      const way = group.getByRole('group', { name: `Cách ${j + 1}` })
      await page.keyboard.press('Tab')
      if (j > 0) await tabTo(page, way.getByLabel('Cách xử lý', { exact: true }))
      await page.keyboard.type(what)
      await page.keyboard.press('Tab')
      await page.keyboard.type(then)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Control+A')
      await page.keyboard.type(String(points))
      await way.getByLabel('Sau đó đến').selectOption({ index: next === 'Kết thúc' ? 0 : 1 })
    }
  }
  await press(page, 'Lưu', true)
  await page.getByRole('alert').getByText(/^Cảnh 2, cách 2: Cách này dẫn ngược về một cảnh đã qua/).waitFor()
  await look(page, 'author-scenario-in-a-ring')
  await scene(page, 2).getByRole('group', { name: 'Cách 2' }).getByLabel('Sau đó đến').selectOption({ label: 'Kết thúc' })
  await scene(page, 1).getByRole('group', { name: 'Cách 1' }).getByLabel('Sau đó đến').selectOption({ label: 'Kết thúc' })
  await press(page, 'Lưu', true)
  await page.getByRole('alert').getByText('Cảnh 2: Không cách xử lý nào dẫn đến cảnh này.').waitFor()
  await scene(page, 1).getByRole('group', { name: 'Cách 1' }).getByLabel('Sau đó đến').selectOption({ index: 1 })
  await press(page, 'Lưu', true)
  await page.getByText('Đã thêm câu hỏi vào ngân hàng.').waitFor()
  return new URL(page.url()).pathname.split('/').pop()
}

test('places on a picture and a scenario are made and answered with the keyboard, without a network as well', async () => {
  const author = await as(world, 'tacgia')
  const fixed = [await madeHotspot(author), await madeScenario(author)]
  const id = await courseOf(author, 'KT-02', 'Một cửa: tình huống', [quiz('Tình huống', { fixed, draws: [], shuffle: false, feedback: 'right' })])
  assert.deepEqual(author.faults, [])
  await author.context().close()

  let context = await world.kept('another phone', phone)
  let page = await opened(world, context)
  await signIn(page, 'hocvien')
  const url = `${world.url}/khoa-hoc/${id}/${(await enrolled(page, id)).lessons[0].lesson}`
  await page.goto(url)
  await installed(page)
  await press(page, 'Bắt đầu làm bài')
  const picture = (page) => page.getByRole('img', { name: /^Tờ khai/ })
  await picture(page).waitFor()
  await context.setOffline(true)
  const place = page.getByRole('button', { name: '1. Ô bên phải, cuối trang' })
  await press(page, '2. Ô bên trái, cuối trang')
  await press(page, '2. Ô bên trái, cuối trang') // taken back
  await press(page, '1. Ô bên phải, cuối trang')
  assert.equal(await place.getAttribute('aria-pressed'), 'true')
  assert.ok(await page.getByRole('checkbox', { name: '1. Ô bên phải, cuối trang' }).isChecked())
  await onDevice(page)
  await seen(page, 'question-hotspot')
  await heard(page, 'Người dân ký ở đâu?')
  await page.close()
  await context.close()

  // The picture is this device's.
  context = await world.kept('another phone', phone)
  await context.setOffline(true)
  page = await opened(world, context)
  await page.goto(url)
  await press(page, 'Làm tiếp')
  await page.getByRole('heading', { level: 3, name: 'Bước 1' }).waitFor()
  await press(page, 'Quyết định')
  await page.getByText('Hãy chọn một cách xử lý trước.').waitFor()
  await tabTo(page, page.getByRole('radio').first(), 'Shift+Tab')
  await page.keyboard.press('Space')
  await seen(page, 'question-scenario')
  await heard(page, 'Người dân đã chờ 40 phút và bực mình.')
  await press(page, 'Quyết định')
  await until('the consequence has the keyboard', async () => (await focused(page)) === 'Kết quả bước 1')
  await page.getByText('Người dân bớt bực, ngồi xuống.').waitFor()
  assert.equal(await page.getByRole('radio').count(), 0) // what was decided stays
  await seen(page, 'question-scenario-consequence')
  await onDevice(page)
  await page.getByText('Đã trả lời 1/2 câu hỏi').waitFor()
  await press(page, 'Sang bước 2')
  await until('the next scene has the keyboard', async () => (await focused(page)) === 'Bước 2')
  await press(page, 'Câu 1, đã trả lời')
  await until('the picture is shown', () => picture(page).evaluate((img) => img.naturalWidth > 0))
  await press(page, 'Câu 2, chưa trả lời')
  await page.getByText('Hồ sơ thiếu giấy chứng sinh.').waitFor()
  await tabTo(page, page.getByText('Các bước đã qua (1)'))
  await page.keyboard.press('Enter')
  await page.getByText('Bạn đã chọn: Xin lỗi và mời ngồi').waitFor()
  await tabTo(page, page.getByRole('radio').first(), 'Shift+Tab')
  await page.keyboard.press('Space')
  await shot(page, 'question-scenario-second')
  await press(page, 'Quyết định')
  await page.getByText('Tình huống kết thúc ở đây.').waitFor()
  await page.getByText('Đã trả lời 2/2 câu hỏi').waitFor()
  // The page comes back as it is with a network while the attempt is being handed in.
  const handing = page.waitForRequest('**/api/attempts/*/submission', { timeout: 60_000 })
  await page.route('**/api/versions/**', (route) => handing.then(() => route.continue()))
  await page.route('**/api/attempts/*/submission', async (route) => {
    await page.getByRole('link', { name: 'Một cửa: tình huống' }).waitFor()
    await route.continue()
  })
  await context.setOffline(false)
  await recorded(page)
  await press(page, 'Xem lại và nộp bài', true)
  await press(page, 'Nộp bài', true)
  await page.getByText(/điểm 75\s?%/).waitFor() // 100 and 50 of 100
  await page.getByText('Đường nhiều điểm nhất').waitFor()
  await page.getByText('2. Hướng dẫn làm cam đoan (+60)').waitFor()
  await seen(page, 'result-of-a-scenario')
  assert.deepEqual(await copies(page), [0, 0])
  assert.deepEqual(faults(page), [])
  await context.close()
})
