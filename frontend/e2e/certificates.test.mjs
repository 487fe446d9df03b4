// A completion becomes a certificate: asked for, printed on one page, verified by
// somebody without an account, marked when its law ends, replaced and revoked.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { randomUUID } from 'node:crypto'
import jsqr from 'jsqr'
import { as, asking, device, flaws, look, phone, shot, start, until } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const step = (what, run) => test(what, { timeout: 120_000 }, run)
let author, learner, stranger, course, code

/** Asks the API as somebody who is signed in on a page. */
const ask = (page, ...what) => asking(world, page)(...what)

/** What a phone's camera reads in a picture. */
async function scanned(page, picture) {
  const png = (await picture.screenshot()).toString('base64')
  const { data, width, height } = await page.evaluate(async (png) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]))
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    return { data: [...context.getImageData(0, 0, image.width, image.height).data], width: image.width, height: image.height }
  }, png)
  return jsqr.default(Uint8ClampedArray.from(data), width, height)?.data
}

/** Writes and publishes a course of one article that rests on a document. */
async function published(title, number) {
  const reviewer = await as(world, 'thamdinh')
  let d = await ask(author, 'post', '/api/studio/courses', { code: 'GCN-01', title, owner: 'SNV' })
  const path = `/api/studio/courses/${d.card.id}`
  const text = 'Người dân được nghe và được trả lời trong mười ngày làm việc. '.repeat(20)
  Object.assign(d.content, {
    summary: 'Tiếp công dân ở cấp xã.', knowledge: 'vi_tri_viec_lam', tiet: 8, citations: [{ number, abstract: '', verified: true }],
    modules: [{ id: '', title: 'Tiếp dân', tiet: 8, lessons: [{ id: '', kind: 'article', title: 'Việc của người tiếp dân', minutes: 360, blocks: [{ type: 'paragraph', text: [{ text }] }] }] }],
  })
  d = await ask(author, 'put', path, { revision: d.revision, content: d.content })
  d = await ask(author, 'post', `${path}/review`, { revision: d.revision })
  while (d.review.step !== 'ready') d = await ask(reviewer, 'post', `${path}/step`, { action: 'pass' })
  await ask(author, 'post', `${path}/versions`, { revision: d.revision })
  await reviewer.context().close()
  return d.card.id
}

step('a learner who completed a course gets its certificate and prints it on one page', async () => {
  author = await as(world, 'tacgia')
  learner = await as(world, 'hocvien')
  await ask(author, 'post', '/api/laws', { keeper: 'SNV', law: { number: '42/2013/QH13', kind: 'luat', abstract: 'Luật Tiếp công dân', issuer: 'Quốc hội', from: '2014-07-01' } })
  course = await published('Kỹ năng tiếp công dân và xử lý đơn, thư', '42/2013/QH13')
  const e = await ask(learner, 'post', `/api/courses/${course}/enrolment`, {})
  const { modules } = await ask(learner, 'get', `/api/courses/${course}`)
  await ask(learner, 'post', '/api/learning/events', { events: [{ id: randomUUID(), enrolment: e.id, lesson: modules[0].lessons[0].id, kind: 'read', at: new Date().toISOString() }] })
  await learner.goto(`${world.url}/ho-so`)
  await learner.getByRole('button', { name: 'Nhận giấy chứng nhận: Kỹ năng tiếp công dân' }).waitFor()
  await learner.getByRole('button', { name: 'Nhận giấy chứng nhận: Kỹ năng tiếp công dân' }).click()
  await learner.getByRole('heading', { level: 1, name: 'Giấy chứng nhận' }).waitFor()
  const paper = learner.getByRole('article', { name: 'Giấy chứng nhận' })
  for (const said of ['GIẤY CHỨNG NHẬN HOÀN THÀNH', '1/GCN-SNV', `1/${new Date().getFullYear()}`, 'GIÁM ĐỐC', 'Bùi Đức Thắng', 'Kỹ năng tiếp công dân và xử lý đơn, thư']) await paper.getByText(said, { exact: true }).first().waitFor()
  await paper.getByText(/^Hải Phòng, ngày \d\d tháng \d+ năm \d{4}$/).waitFor()
  code = await paper.getByText(/^([A-Z2-7]{4}-){4}[A-Z2-7]{4}$/).textContent()
  await until('the ledger has it', async () => {
    await learner.reload()
    await paper.waitFor()
    return (await learner.getByText(/^Bằng chứng trong sổ ghi nhận: mục số \d+$/).count()) > 0
  })
  assert.equal(await scanned(learner, paper.getByRole('img')), `${world.url}/xac-minh#${code}`)
  await look(learner, 'certificate')
  const pdf = await learner.pdf({ preferCSSPageSize: true, printBackground: true })
  if (process.env.HAIDANG_SHOTS) writeFileSync(join(process.env.HAIDANG_SHOTS, 'certificate.pdf'), pdf)
  const sizes = [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((x) => `${Math.round(x[1])}×${Math.round(x[2])}`)
  assert.deepEqual(sizes, ['842×595'])
})

step('somebody without an account verifies it, by the code and by the address', async () => {
  stranger = await device(world, phone)
  await stranger.goto(`${world.url}/xac-minh`)
  await stranger.getByLabel('Mã xác minh').fill('AAAA BBBB CCCC DDDD EEEE')
  await stranger.getByRole('button', { name: 'Xác minh', exact: true }).click()
  await stranger.getByText('Không có giấy chứng nhận nào như vậy.').waitFor()
  await stranger.getByLabel('Mã xác minh').fill(code.toLowerCase().replaceAll('-', ' '))
  await stranger.getByRole('button', { name: 'Xác minh', exact: true }).click()
  await stranger.getByText('Giấy chứng nhận có giá trị.').waitFor()
  await stranger.getByText('1/GCN-SNV').waitFor()
  await stranger.goto(`${world.url}/xac-minh#${code}`)
  await stranger.getByRole('button', { name: 'English' }).click()
  await stranger.getByText('The certificate is valid.').waitFor()
  await stranger.getByText('chứng nhận Ông/Bà').waitFor() // the paper stays as it is printed
  await shot(stranger, 'verified in English')
  assert.deepEqual(await flaws(stranger), [])
  await stranger.getByRole('button', { name: 'Tiếng Việt' }).click()
})

step('when its law is replaced, the certificate is marked wherever it shows', async () => {
  const { items: [law] } = await ask(author, 'get', '/api/laws?q=42/2013')
  await ask(author, 'put', `/api/laws/${law.id}`, { revision: 1, law: { number: law.number, kind: law.kind, abstract: law.abstract, issuer: law.issuer, from: law.from, until: '2025-12-31', replacedBy: '12/2025/QH15' } })
  const said = 'Căn cứ 42/2013/QH13 hết hiệu lực sau ngày 31/12/2025'
  await stranger.reload()
  await stranger.getByText(said).waitFor()
  await stranger.getByText('Giấy chứng nhận có giá trị.').waitFor()
  await look(stranger, 'verified, law ended')
  await learner.reload()
  await learner.getByText(said).waitFor()
  await learner.goto(`${world.url}/ho-so`)
  await learner.getByText(said).waitFor()
  await look(learner, 'record, law ended')
  await author.goto(`${world.url}/studio/van-ban/${law.id}`)
  await author.getByText('1 giấy đang có giá trị dựa trên văn bản này.').waitFor()
  await author.getByText('Danh sách chỉ hiện với người được xem hồ sơ').waitFor()
  await author.goto(`${world.url}/studio/tham-dinh`)
  await author.getByText('1 giấy chứng nhận đã cấp dựa trên phiên bản này.').waitFor()
  const hr = await as(world, 'kiemtra')
  await hr.goto(`${world.url}/studio/van-ban/${law.id}`)
  await hr.getByRole('link', { name: 'Giấy chứng nhận số 1/GCN-SNV' }).waitFor()
  await shot(hr, 'law with certificates')
  const { personId } = await ask(learner, 'get', '/api/me')
  await hr.goto(`${world.url}/hr/nguoi/${personId}`)
  await hr.getByText(said).waitFor()
  await shot(hr, 'HR, law ended')
  await hr.context().close()
})

step('its issuer replaces it, then revokes it, and says who signs from now on', async () => {
  await author.goto(`${world.url}/studio/chung-nhan`)
  await author.getByText('Đang cấp giấy chứng nhận; người ký: GIÁM ĐỐC Bùi Đức Thắng.').waitFor()
  await author.getByText('Thay đổi nội dung in').click()
  await author.getByLabel('Họ tên người ký').fill('')
  await author.getByRole('button', { name: 'Lưu', exact: true }).click()
  await author.getByText('Hãy xem lại: Họ tên người ký.').waitFor()
  await look(author, 'certificate settings')
  await author.getByLabel('Họ tên người ký').fill('Trịnh Thị Lan')
  await author.getByRole('button', { name: 'Lưu', exact: true }).click()
  await author.getByText('người ký: GIÁM ĐỐC Trịnh Thị Lan').waitFor()
  await author.getByLabel('Tìm theo số').fill('1')
  await author.getByRole('link', { name: 'Giấy chứng nhận số 1/GCN-SNV' }).click()
  await author.getByText('Cấp lại hoặc thu hồi').click()
  await author.getByRole('button', { name: 'Cấp lại giấy mới' }).click()
  await author.getByText('Hãy ghi lý do, không quá 500 chữ cái.').waitFor()
  await author.getByLabel('Lý do').fill('Bị mất')
  await author.getByRole('button', { name: 'Cấp lại giấy mới' }).click()
  await author.getByText('2/GCN-SNV', { exact: true }).waitFor()
  await author.getByText('Trịnh Thị Lan').waitFor()
  await stranger.reload()
  await stranger.getByText('Giấy này đã được thay bằng giấy khác và không còn giá trị.').waitFor()
  await shot(stranger, 'verified, replaced')
  await author.getByText('Cấp lại hoặc thu hồi').click()
  await author.getByLabel('Lý do').fill('Học hộ')
  await author.getByRole('button', { name: 'Thu hồi', exact: true }).click()
  await author.getByText('Lý do: Học hộ').waitFor()
  await author.getByText('Đã thu hồi', { exact: true }).last().waitFor() // on the paper, too
  await shot(author, 'certificate revoked')
  await author.goto(`${world.url}/studio/chung-nhan`)
  await author.getByText('Đã cấp lại').waitFor()
  await author.getByText('Đã thu hồi').waitFor()
  await shot(author, 'register')
  assert.deepEqual([author, learner, stranger].flatMap((page) => page.faults), [])
  assert.equal(world.tool('ledger', 'verify').code, 0)
})
