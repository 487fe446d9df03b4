// HR assigns a course on the page; the learner sees it first, late when its day is over, and HR sees who owes it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MongoClient } from 'mongodb'
import { as, flaws, look, phone, shot, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const days = (n) => new Date(Date.now() + n * 864e5 + 7 * 36e5).toISOString().slice(0, 10)
const said = (date) => date.split('-').reverse().join('/')
const basis = 'Kế hoạch 196/KH-UBND, mục 3'

/** What was assigned by a day that is over by now; no page takes one. */
async function overdue(assigned) {
  const client = await MongoClient.connect(world.mongo)
  const found = client.db('haidang').collection('assignments')
  const at = new Date()
  await found.insertOne({ ...(await found.findOne({ _id: assigned })), _id: crypto.randomUUID(), due: days(-4), at, changedAt: at })
  await client.close()
}

test('HR assigns a course, and the learner sees until when, why and for whom', async () => {
  const hr = await as(world, 'nhansu')
  await hr.goto(`${world.url}/hr`)
  await hr.getByRole('link', { name: 'Giao học ›' }).click()
  await hr.getByRole('heading', { name: 'Giao học' }).waitFor()
  await look(hr, 'assignments')
  await hr.getByRole('link', { name: 'Giao học', exact: true }).click()
  await hr.getByLabel('Tìm khóa học').fill('thong bao 129')
  await hr.getByRole('button', { name: /129-TB\/TU/ }).click()
  await hr.getByText('Đã chọn:').waitFor()
  await hr.getByLabel('Đơn vị được giao').selectOption('')
  await hr.getByText('Chọn đơn vị để biết').waitFor()
  await hr.getByLabel('Đơn vị khác').last().fill('bach long vi')
  await hr.getByRole('button', { name: /\(11948\)/ }).click()
  await hr.getByText(/^Giao tới \d+ người/).waitFor()
  await hr.getByLabel('Căn cứ pháp lý').fill(basis)
  await hr.getByLabel('Hạn cuối').fill(days(7))
  await look(hr, 'assign')
  await hr.getByRole('button', { name: 'Giao học' }).click()
  await hr.getByRole('heading', { name: 'Người được giao' }).waitFor()
  await hr.getByText(`Phải học · Hạn ${said(days(7))} · học một lần`).waitFor()
  await hr.getByRole('row').filter({ hasText: 'Đoàn Văn Hải' }).getByText(`Hạn ${said(days(7))}`).waitFor()
  await look(hr, 'assignment')
  const id = hr.url().split('/').pop()

  const learner = await as(world, 'hocvien', phone)
  const must = learner.getByRole('heading', { name: 'Được giao học' })
  await must.waitFor()
  await learner.getByText(`Hạn ${said(days(7))}`).waitFor()
  await learner.getByText(`Phải học · Thành phố Hải Phòng giao · Căn cứ: ${basis}`).waitFor()
  await look(learner, 'today-due')
  await overdue(id)
  await until('it is late', async () => {
    await learner.goto(`${world.url}/`)
    await must.waitFor()
    return (await learner.getByText(`Quá hạn từ ${said(days(-4))}`).count()) > 0
  })
  await look(learner, 'today-late')
  await learner.setViewportSize(phone)
  await learner.evaluate(() => localStorage.setItem('PARAGLIDE_LOCALE', 'en'))
  await learner.goto(`${world.url}/`)
  await learner.getByText(`Overdue since ${said(days(-4))}`).waitFor()
  assert.deepEqual(await flaws(learner), [])
  await shot(learner, 'en-today-late')
  await learner.getByRole('link', { name: /129-TB\/TU/ }).first().click()
  await learner.getByRole('heading', { level: 1, name: /129-TB\/TU/ }).waitFor()

  // HR sees who is late and withdraws what was assigned.
  await hr.goto(`${world.url}/hr/giao-hoc`)
  await hr.getByRole('listitem').filter({ hasText: said(days(-4)) }).getByRole('link').click()
  await hr.getByLabel('Tình trạng').selectOption('Quá hạn')
  await hr.getByRole('row').filter({ hasText: 'Đoàn Văn Hải' }).getByText(`Quá hạn từ ${said(days(-4))}`).waitFor()
  await hr.getByLabel('Tình trạng').selectOption('Đã xong')
  await hr.getByText('Không có ai.').or(hr.getByRole('row').nth(1)).first().waitFor()
  await hr.getByRole('button', { name: 'Thu hồi giao học' }).click()
  await look(hr, 'assignment-sure')
  await hr.getByRole('button', { name: 'Thu hồi giao học' }).click()
  await hr.getByText('Đã thu hồi ngày').waitFor()
  assert.equal(await hr.getByRole('button', { name: 'Thu hồi giao học' }).count(), 0)
  await learner.goto(`${world.url}/`)
  await until('it is late no more', async () => {
    await learner.reload()
    await learner.getByRole('heading', { name: 'Assigned', exact: true }).waitFor()
    return (await learner.getByText('Overdue since').count()) === 0
  })
  assert.deepEqual([...hr.faults, ...learner.faults], [])
  await hr.context().close()
  await learner.context().close()
})
