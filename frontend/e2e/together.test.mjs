// Organisations and people share a course: a second organisation, deputies, a
// keeper who leaves, a draft that is locked.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, look, phone, start } from './world.mjs'

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
