// Organisations and people share a course: a second organisation, deputies, a
// keeper who leaves, a draft that is locked.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, asking, look, opened, password, phone, shot, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

test('a course gets a co-owner and a keeper, who hands it over; under review its text is only shown', async () => {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio`)
  await page.getByText('phụ trách: Nguyễn Thị Thu Hà').first().waitFor()
  await page.getByLabel('Chỉ khóa học tôi phụ trách hoặc làm thay').check()
  await page.getByRole('link', { name: 'Tiếp công dân ở trụ sở xã' }).click()

  // The pilot's draft is locked: its lessons are shown as learners see them.
  await page.getByText('Bản thảo đang được thẩm định').waitFor()
  await page.getByText('Một buổi tiếp dân').click()
  await page.getByText('Không hứa kết quả khi chưa xem hồ sơ.').waitFor()
  assert.equal(await page.locator('[contenteditable]').count(), 0, 'a draft under review takes typing')

  const hands = page.getByRole('region', { name: 'Đơn vị và người phụ trách' })
  await hands.getByText('Đổi đơn vị phối hợp, người phụ trách').click()
  await hands.getByLabel('Thêm đơn vị phối hợp').fill('so tu phap')
  await hands.getByRole('button', { name: /^Sở Tư pháp/ }).click()
  await look(page, 'the hands of a course')
  await hands.getByRole('button', { name: 'Lưu' }).click()
  await hands.getByText('Sở Tư pháp thành phố Hải Phòng').waitFor()
  assert.deepEqual(page.faults, [])

  const other = await as(world, 'xuatban')
  await other.goto(`${world.url}/studio/tham-dinh`)
  await other.getByRole('link', { name: 'Tiếp công dân ở trụ sở xã' }).click()
  await other.getByRole('button', { name: 'Kết thúc đọc thử' }).waitFor()
  assert.deepEqual(other.faults, [])
})

test('a commune adds its own example below a passage, its people see it, the owner may take it away', async () => {
  const admin = await as(world, 'quantri')
  const unit = '11948'
  await admin.evaluate(async (unit) => {
    const ask = async (path, body) => {
      const answer = await fetch(path, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`)
      return answer.json()
    }
    const people = await ask(`/api/people?unit=${unit}&limit=100&q=${encodeURIComponent('Đoàn Văn Hải')}`)
    await ask(`/api/people/${people.items[0].id}/grants`, { role: 'author', unit, from: '2026-01-01' })
  }, unit)

  const page = await as(world, 'hocvien', phone)
  await page.goto(`${world.url}/studio/vi-du`)
  await page.getByText('Đơn vị chưa thêm ví dụ nào.').waitFor()
  await page.getByLabel('Tìm khóa học để thêm ví dụ').fill('thong bao 129')
  await look(page, 'finding a course to add to')
  await page.getByRole('link', { name: /129/ }).first().click()
  const lesson = page.locator('details').first()
  await lesson.locator('summary').click()
  await lesson.getByRole('button', { name: /^Thêm ví dụ dưới/ }).first().click()
  await lesson.getByLabel(/^Ví dụ dưới/).fill('Ở Bạch Long Vĩ, nộp tại Bộ phận một cửa của đặc khu.')
  await look(page, 'writing an example')
  await lesson.getByRole('button', { name: 'Lưu' }).click()
  await lesson.getByText('Ví dụ của Đặc khu Bạch Long Vĩ.').waitFor()
  await page.goto(`${world.url}/`)
  await page.getByRole('link', { name: /129/ }).first().click()
  await page.getByRole('button', { name: /^(Bắt đầu học|Học tiếp)/ }).click()
  await page.getByText('nộp tại Bộ phận một cửa của đặc khu').waitFor()
  await look(page, 'a lesson with an example')
  assert.deepEqual(page.faults, [])

  const owner = await as(world, 'tacgia')
  await owner.goto(`${world.url}/studio`)
  await owner.getByRole('link', { name: /129/ }).first().click()
  const list = owner.getByRole('region', { name: 'Ví dụ của các đơn vị' })
  await list.getByRole('button', { name: /^Gỡ ví dụ của/ }).click()
  await list.getByLabel(/^Vì sao gỡ/).fill('Địa điểm đã đổi.')
  await look(owner, 'taking an example away')
  await list.getByRole('button', { name: 'Gỡ ví dụ', exact: true }).click()
  await list.getByText('Đơn vị chủ trì đã gỡ ví dụ này: Địa điểm đã đổi.').waitFor()
  assert.deepEqual(owner.faults, [])
})

const status = (page, words) => page.getByRole('status').getByText(words, { exact: true })

/** A draft of one article that two organisations write, open in a page of the first. */
async function shared(page, code) {
  const draft = await asking(world, page)('post', '/api/studio/courses', { code, title: `Soạn khi mất mạng ${code}`, owner: 'SNV' })
  const id = draft.card.id
  await asking(world, page)('put', `/api/studio/courses/${id}/hands`, { keeper: draft.hands.keeper.id, coOwners: ['STP'], deputies: [] })
  const lesson = { id: '', kind: 'article', title: 'Bài một', minutes: 5, blocks: [{ type: 'paragraph', text: [{ text: 'Câu đầu.' }] }] }
  await asking(world, page)('put', `/api/studio/courses/${id}`, { revision: draft.revision, content: { ...draft.content, modules: [{ id: '', title: 'Một', tiet: 0, lessons: [lesson] }] } })
  await page.goto(`${world.url}/studio/${id}`)
  await page.getByLabel('Tóm tắt').waitFor()
  return id
}
const draftOf = (page, id) => asking(world, page)('get', `/api/studio/courses/${id}`)

/** Somebody of the other organisation changes the draft. */
async function changed(other, id, change) {
  const { revision, content } = await draftOf(other, id)
  change(content)
  await asking(world, other)('put', `/api/studio/courses/${id}`, { revision, content })
}

test('what is typed without a network is kept through a closed tab, and saved when there is one', async () => {
  const first = await as(world, 'tacgia')
  const context = first.context()
  const other = await as(world, 'xuatban')
  const id = await shared(first, 'MM-01')
  await context.setOffline(true)
  await first.getByLabel('Tóm tắt').fill('Gõ khi mất mạng')
  await first.getByText('Mất kết nối mạng nên chưa lưu được lên máy chủ.').waitFor()
  await first.getByText('được giữ trên máy này').waitFor()
  await look(first, 'a draft without a network')

  // The network comes back: nobody presses anything.
  await context.setOffline(false)
  await status(first, 'Đã lưu').waitFor()
  assert.equal(await first.getByText('Mất kết nối mạng').count(), 0)
  assert.equal((await draftOf(first, id)).content.summary, 'Gõ khi mất mạng')

  // Away again in one tab: another one of the same author leaves it what it keeps.
  await first.route(`**/api/studio/courses/${id}`, (route) => route.abort())
  await first.getByLabel('Tóm tắt').fill('Của thẻ thứ nhất')
  await first.getByText('Mất kết nối mạng').waitFor()
  const second = await opened(world, context)
  await second.goto(`${world.url}/studio/${id}`)
  await second.getByText('Bài một').click()
  const text = second.getByRole('textbox', { name: 'Nội dung bài đọc' })
  await text.getByText('Câu đầu.').waitFor()
  assert.equal(await second.getByLabel('Tóm tắt').inputValue(), 'Gõ khi mất mạng')
  await context.setOffline(true)
  await text.getByText('Câu đầu.').click()
  await second.keyboard.press('End')
  await second.keyboard.type(' Câu của thẻ thứ hai.')
  await second.getByText('Mất kết nối mạng').waitFor()
  await second.keyboard.type(' Và thêm nữa.')
  await until('it is kept', () => second.evaluate(kept, 'Và thêm nữa.'))

  // Somebody changed another part meanwhile. Before the tabs are closed: one that is may
  // have its network back for a moment, and save.
  await changed(other, id, (content) => { content.modules[0].title = 'Chuyên đề của người khác' })
  let asked = 0
  for (const page of [first, second]) {
    page.on('dialog', (dialog) => { asked++; void dialog.accept() })
    await page.close({ runBeforeUnload: true })
  }
  await until('both tabs are closed', () => context.pages().length === 0)
  assert.equal(asked, 0, 'asked before closing what is kept')

  await context.setOffline(false)
  const again = await opened(world, context)
  await again.goto(`${world.url}/studio/${id}`)
  await again.getByText(/^Đã đưa lại nội dung bạn nhập lúc \d/).waitFor()
  await again.getByText('Lê Thị Phương Anh cũng vừa sửa bản thảo này; thay đổi của hai người đã được gộp.').waitFor()
  await until('both tabs and the other author are saved', async () => {
    const { content } = await draftOf(other, id)
    const words = JSON.stringify(content)
    return content.modules[0].title === 'Chuyên đề của người khác' && content.summary === 'Của thẻ thứ nhất' && words.includes('Câu đầu. Câu của thẻ thứ hai. Và thêm nữa.')
  })
  await status(again, 'Đã lưu').waitFor()
  assert.equal(await again.getByLabel('Tóm tắt').inputValue(), 'Của thẻ thứ nhất')
  await until('nothing is kept that is saved', () => again.evaluate(kept, '').then((some) => !some))
  await shot(again, 'a draft that was brought back')

  // The same part changed by both: the author is asked, also after another closed tab.
  await context.setOffline(true)
  await again.getByLabel('Tóm tắt').fill('Bản của tôi')
  await again.getByText('Mất kết nối mạng').waitFor()
  await changed(other, id, (content) => { content.summary = 'Bản của người khác' })
  await again.close()
  await context.setOffline(false)
  const last = await opened(world, context)
  await last.goto(`${world.url}/studio/${id}`)
  await last.getByText(/^Lê Thị Phương Anh vừa lưu thay đổi ở cùng chỗ/).waitFor()
  await last.getByLabel('Giữ bản của tôi').check()
  await last.getByRole('button', { name: 'Gộp và lưu' }).click()
  await status(last, 'Đã lưu').waitFor()
  assert.equal((await draftOf(last, id)).content.summary, 'Bản của tôi')
  assert.deepEqual([first, second, again, last].flatMap((page) => page.faults.filter((f) => !/ERR_(INTERNET_DISCONNECTED|FAILED)/.test(f))), [])
  await Promise.all([context.close(), other.context().close()])
})

/** Whether a draft with these words is kept in this browser. */
const kept = (words) => new Promise((done, failed) => {
  const ask = indexedDB.open('haidang-drafts')
  ask.onerror = () => failed(ask.error)
  ask.onsuccess = () => {
    const all = ask.result.transaction('drafts').objectStore('drafts').getAll()
    all.onsuccess = () => done(all.result.some((d) => JSON.stringify(d.is).includes(words)))
  }
})

test('a saving whose answer is lost is no conflict; a busy server is tried again; an ended session keeps the text', async () => {
  const page = await as(world, 'tacgia')
  const id = await shared(page, 'MM-02')
  const { revision } = await draftOf(page, id)
  const saving = `**/api/studio/courses/${id}`
  let lost = 0
  await page.route(saving, async (route) => {
    if (route.request().method() !== 'PUT' || lost > 0) return route.fallback()
    lost++
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.getByLabel('Tóm tắt').fill('Câu trả lời bị mất')
  await page.getByText('Mất kết nối mạng').waitFor()
  await page.getByLabel('Tóm tắt').fill('Câu trả lời bị mất, gõ tiếp')
  await status(page, 'Đã lưu').waitFor()
  const after = await draftOf(page, id)
  assert.deepEqual([after.content.summary, after.revision, lost], ['Câu trả lời bị mất, gõ tiếp', revision + 2, 1])
  assert.equal(await page.getByText(/gộp|vừa lưu thay đổi/).count(), 0, 'a conflict with oneself')

  // A gateway that answers no JSON, as before a server that starts anew.
  let busy = 1
  await page.unroute(saving)
  await page.route(saving, (route) => (route.request().method() === 'PUT' && busy-- > 0 ? route.fulfill({ status: 502, body: 'bad gateway' }) : route.fallback()))
  await page.getByLabel('Tóm tắt').fill('Máy chủ bận')
  await page.getByText('Máy chủ đang bận hoặc gặp lỗi nên chưa lưu được.').waitFor()
  await status(page, 'Đã lưu').waitFor()

  await page.context().clearCookies()
  await page.getByLabel('Tóm tắt').fill('Gõ khi phiên đã hết')
  await page.getByText('Phiên đăng nhập đã hết. Hãy đăng nhập lại.').waitFor()
  await page.getByText('Nội dung bạn vừa nhập không mất').waitFor()
  await page.getByRole('alert').getByRole('link', { name: 'Đăng nhập' }).click()
  await page.getByLabel('Tên đăng nhập').fill('tacgia')
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByText(/^Đã đưa lại nội dung bạn nhập lúc/).waitFor()
  await status(page, 'Đã lưu').waitFor()
  assert.equal((await draftOf(page, id)).content.summary, 'Gõ khi phiên đã hết')

  // Somebody else signs in on the same device: what one typed is not saved as the other's.
  const signIn = (username) => page.evaluate(async (who) => (await fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(who) })).status, { username, password })
  assert.equal(await signIn('xuatban'), 200)
  await page.getByLabel('Tóm tắt').fill('Của tác giả')
  await page.getByText('Trên máy này đang có người khác đăng nhập').waitFor()
  assert.equal((await draftOf(page, id)).content.summary, 'Gõ khi phiên đã hết')
  assert.equal(await signIn('tacgia'), 200)
  await page.getByRole('button', { name: 'Thử lại' }).click()
  await status(page, 'Đã lưu').waitFor()
  assert.equal((await draftOf(page, id)).content.summary, 'Của tác giả')

  // A browser that keeps nothing says so, and asks before it is closed.
  await page.addInitScript(() => Object.defineProperty(IDBObjectStore.prototype, 'put', { value: () => { throw new DOMException('full', 'QuotaExceededError') } }))
  await page.reload()
  await page.route(saving, (route) => (route.request().method() === 'PUT' ? route.abort() : route.fallback()))
  await page.getByLabel('Tóm tắt').fill('Không có chỗ giữ')
  await page.getByText('Trình duyệt này không giữ được nội dung trên máy.').waitFor()
  await page.getByText('Mất kết nối mạng').waitFor()
  const dialog = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  await (await dialog).accept()
  assert.deepEqual(page.faults.filter((f) => !/ERR_(CONNECTION_RESET|FAILED)|502/.test(f)), [])
  await page.context().close()
})
