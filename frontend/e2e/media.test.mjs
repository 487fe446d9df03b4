// Films as slow networks see them: lighter forms, captions, and what the author
// sees of their making.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { probeText } from './ffprobe.mjs'
import { cues, readRecording, readThumbs, wordsOf } from './readers.mjs'
import { as, assetOf, look, made, shot, start, until, uploaded } from './world.mjs'

let world
before(async () => { world = await start() })
after(() => world?.stop())

const notice = 'Thông báo số 129-TB/TU'

test('the author sees the lighter forms come, and writes captions beside the player', async () => {
  const page = await as(world, 'tacgia')
  await page.goto(`${world.url}/studio`)
  await page.getByRole('link', { name: notice }).first().click()
  await page.getByText('Giới thiệu Thông báo').first().click()
  await page.getByText(/Các bản nhẹ: 240p .*Chỉ nghe .*480p/).waitFor({ timeout: 120_000 })
  await page.getByRole('button', { name: /^Phụ đề/ }).first().click()
  const vtt = (text) => page.getByLabel('Tải lên tệp phụ đề').setInputFiles({ name: 'phu de.vtt', mimeType: 'text/vtt', buffer: Buffer.from(text) })
  await vtt('WEBVTT\n\n00:50.000 --> 00:51.000\nMột dòng\n')
  await until('the demo\'s captions are replaced', async () => (await page.getByLabel('Dòng 1: lời').inputValue()) === 'Một dòng')
  await page.getByRole('button', { name: 'Xóa dòng 1' }).click()
  await page.getByText('Chưa có phụ đề.').waitFor()
  await page.locator('video').evaluate((video) => { video.currentTime = 5 })
  await page.getByRole('button', { name: 'Thêm dòng tại 0:05.000' }).click()
  await page.getByLabel('Dòng 1: lời').fill('Xin chào các bạn')
  await page.getByLabel('Dòng 1: đến').fill('năm giây')
  await page.getByRole('button', { name: 'Lưu phụ đề' }).click()
  await page.getByText('Thời gian viết như 1:02.500.').waitFor()
  await look(page, 'captions with a time that is none')
  await page.getByLabel('Dòng 1: đến').fill('0:07')
  await page.getByRole('button', { name: 'Lưu phụ đề' }).click()
  await page.getByText('Đã lưu phụ đề.').waitFor()
  await vtt('WEBVTT\n\n00:01.000 --> 00:03.000\nMột\n\n00:02.000 --> 00:04.000\nHai\n')
  await page.getByText('Dòng 6 của tệp: trùng với dòng trước.').waitFor()
  await vtt('WEBVTT\n\n00:01.000 --> 00:03.000\nMột\n\n00:03.000 --> 00:04.000\nHai\n')
  await until('the file is taken', async () => (await page.getByLabel('Dòng 2: lời').inputValue().catch(() => '')) === 'Hai')
  await look(page, 'captions')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})

test('a learner chooses a lighter form, goes on where the film was, and reads the captions', async () => {
  const page = await as(world, 'hocvien')
  const ranges = []
  page.on('request', (r) => { if (r.url().includes('/media/')) ranges.push(new URL(r.url()).pathname.split('/').at(-1)) })
  await page.getByRole('link', { name: notice }).first().click()
  await page.getByRole('button', { name: 'Bắt đầu học' }).click()
  await page.getByRole('heading', { name: 'Giới thiệu Thông báo' }).waitFor()
  const video = page.locator('video')
  const state = () => video.evaluate((v) => ({ src: new URL(v.currentSrc || 'http://x/').pathname.split('/').at(-1), at: v.currentTime, length: v.duration, paused: v.paused, ready: v.readyState, error: v.error?.message }))
  await until('the film is there', async () => (await state()).ready >= 1, 20_000)
  const first = await state()
  assert.ok(ranges.includes('master.m3u8') && ranges.includes('480p.mp4') && first.src !== '480p.mp4', `it asks for ${ranges}`) // as the network allows
  assert.ok(Math.abs(first.length - 60) < 30 && Number.isFinite(first.length), `it says it lasts ${first.length} s`)
  await video.evaluate((v) => { v.muted = true; v.currentTime = 30; return v.play() })
  await until('it plays from the middle', async () => (await state()).at > 31)
  await page.getByLabel('Chất lượng').selectOption({ index: 1 })
  await until('it goes on in 240p', async () => { const s = await state(); return s.src === '240p.mp4' && s.at > 31.5 && s.at < 45 && !s.paused })
  await page.getByLabel('Chất lượng').selectOption('audio')
  await until('it goes on as sound', async () => { const s = await state(); return s.src === 'audio.mp4' && s.at > 31.5 && s.at < 55 && !s.paused })
  await video.evaluate((v) => v.pause())
  await page.getByText(/^Đã ghi nhận · [0-9a-f]{8}$/).waitFor()
  await page.getByText(/Đã xem [1-9]/).waitFor()
  await page.getByLabel('Chất lượng').selectOption('240p')
  assert.equal(await video.evaluate((v) => v.textTracks[0]?.mode), 'showing')
  await until('the captions are read', () => video.evaluate((v) => v.textTracks[0].cues?.length === 2))
  await page.getByText(/^Chưa xem: 0:00–0:[23]\d/).waitFor()
  await look(page, 'a film with a choice')

  // The mouse on the line shows what is there before it is loaded, and goes there.
  await page.setViewportSize({ width: 1280, height: 800 })
  const line = page.locator('svg').last()
  const { width } = await line.boundingBox()
  await line.hover({ position: { x: width * 0.75, y: 5 } })
  const small = page.locator('.film svg')
  await small.waitFor()
  assert.match(await small.locator('image').getAttribute('href'), /\/thumbs\.\w+$/)
  const wanted = (await state()).length * 0.75
  const [minutes, seconds] = (await page.locator('.film span').textContent()).split(':').map(Number)
  assert.ok(Math.abs(minutes * 60 + seconds - wanted) < 3, `${minutes}:${seconds} is not near ${wanted} s`)
  await shot(page, 'a small picture')
  await line.click({ position: { x: width * 0.75, y: 5 } })
  await until('it goes there', async () => { const s = await state(); return Math.abs(s.at - wanted) < 5 })
  await video.evaluate((v) => v.pause())
  await page.getByRole('heading', { level: 1 }).hover()
  await until('the small picture goes', async () => (await small.count()) === 0)
  await page.evaluate(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true }, configurable: true }))
  await line.hover({ position: { x: width * 0.5, y: 5 } })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 200)))))
  assert.equal(await small.count(), 0, 'a device that saves data loads no small pictures')

  // What is said is found without diacritics, and jumped to; keys work in the player.
  await page.getByText('Lời trong bài').click()
  const said = await page.locator('details ol button').allTextContents()
  assert.equal(said.length, 2)
  const plain = said[0].replace(/^\s*\S+\s*/, '').normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').toUpperCase()
  await page.getByLabel('Tìm trong lời').fill(plain)
  await page.getByText('1 chỗ').waitFor()
  await look(page, 'a transcript')
  await page.getByRole('button', { name: said[0].trim() }).click()
  await until('it goes on where that is said', async () => { const s = await state(); return s.at < 20 && !s.paused })
  await page.keyboard.press('k')
  assert.ok((await state()).paused)
  await page.keyboard.press('>')
  await until('it is faster', async () => (await page.getByLabel('Tốc độ').inputValue()) === '1.25')
  await page.keyboard.press('c')
  await page.getByLabel('Tìm trong lời').pressSequentially('c') // not in a field
  assert.equal(await video.evaluate((v) => v.textTracks[0]?.mode), 'hidden')
  await page.getByRole('button', { name: /^Xem tiếp từ 0:0/ }).click()
  await until('it plays what is missing, faster', async () => { const s = await state(); return s.at > 0 && s.at < 10 && !s.paused })
  await video.evaluate((v) => v.pause())
  await page.reload()
  await until('the habits are remembered', async () => (await video.evaluate((v) => [v.playbackRate, v.textTracks[0]?.mode, v.muted].join()).catch(() => '')) === '1.25,hidden,true')
  await until('the choice is remembered', async () => (await state().catch(() => ({}))).src === '240p.mp4')
  assert.equal(await page.getByLabel('Chất lượng').inputValue(), '240p')
  assert.ok(!ranges.includes('source'), `the source was asked for: ${ranges}`)
  assert.deepEqual(page.faults, [])
  await page.route('**/master.m3u8', (route) => route.abort())
  await page.getByLabel('Chất lượng').selectOption('')
  await until('without its playlist the one file is played', async () => (await state()).src === '480p.mp4' && (await state()).ready >= 1)
  await page.context().close()
})

test('the parsers of others and ffprobe read every recording, playlist, picture and caption, and ffmpeg plays them', async (t) => {
  const page = await as(world, 'tacgia')
  const get = async (url) => {
    const response = await page.request.get(world.url + url)
    assert.equal(response.status(), 200, url)
    return response.body()
  }
  const json = async (url) => JSON.parse(await get(url))
  const sizeOf = (url) => page.evaluate(async (src) => { const image = new Image(); image.src = src; await image.decode(); return { width: image.naturalWidth, height: image.naturalHeight } }, url)
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=21']
  const own = [
    await uploaded(world, page, 'dung.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=540x960:rate=30000/1001:duration=21', ...sound, '-pix_fmt', 'yuv420p', '-c:a', 'aac'),
    await uploaded(world, page, 'cam.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=5:duration=33', '-pix_fmt', 'yuv420p'),
    await uploaded(world, page, 'am-thanh.m4a', ...sound, '-c:a', 'aac'),
  ]
  const courses = (await json('/api/studio/courses')).items
  const shown = await Promise.all(courses.map(async ({ id }) => (await json(`/api/studio/courses/${id}`)).assets))
  const recordings = [...shown.flat(), ...own].filter((a) => a.durationMs)
  assert.equal(recordings.length, 4)
  let read = 0
  for (let asset of recordings) {
    await until(`${asset.name} has its forms`, async () => (asset = await assetOf(world, page, asset.id)).transcode === 'ready', 120_000)
    read += await readRecording(asset, world.folder, get)
    if (asset.kind === 'video') await readThumbs(asset, world.folder, get, sizeOf)
  }
  assert.equal(read, 3 + 4 + 1 + 1) // three heights and sound at most, the height of a silent film, sound alone

  const said = ['Thu & chi: a < b, c > d', 'Điều 5 -- khoản 2']
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.500\nThu &amp; chi: a &lt; b, c &gt; d\n\n00:02.500 --> 00:20.999\nĐiều 5 -- khoản 2\n'
  const saved = await page.request.put(`${world.url}/api/assets/${own[0].id}/captions`, { data: { revision: 0, vtt } })
  assert.equal(saved.status(), 200)
  const text = (await get(`/media/${own[0].id}/captions.vtt`)).toString()
  const captions = cues(text, 'captions')
  assert.deepEqual(probeText(world.folder, 'captions.vtt', text), captions.map((c) => [c.startTime, c.endTime]))
  assert.deepEqual(captions.map(wordsOf), said)
  assert.deepEqual(captions.map((c) => [c.startTime, c.endTime]), [[1, 2.5], [2.5, 20.999]])
  for (const { captionsUrl } of shown.flat().filter((a) => a.captionsUrl)) assert.ok(cues((await get(captionsUrl)).toString(), captionsUrl).length > 0)
  t.diagnostic(`${read} playlists of ${recordings.length} recordings`)

  // One of more than an hour is taken, with a word of advice.
  await page.goto(`${world.url}/studio`)
  await page.getByRole('link', { name: notice }).first().click()
  await page.getByText('Giới thiệu Thông báo').first().click()
  await page.getByLabel('Thay tệp khác').setInputFiles(made(world, 'hoi-nghi.mp4', '-f', 'lavfi', '-i', 'testsrc2=size=426x240:rate=1/10:duration=3700', '-pix_fmt', 'yuv420p'))
  await page.getByText('Dài hơn một giờ vẫn học được').waitFor()
  await look(page, 'a long film')
  assert.deepEqual(page.faults, [])
  await page.context().close()
})
