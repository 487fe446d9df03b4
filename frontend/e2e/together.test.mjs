// Organisations and people share a course: a second organisation, deputies, a
// keeper who leaves, a draft that is locked.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { as, look, start } from './world.mjs'

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
