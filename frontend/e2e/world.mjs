// Starts the whole system, as `make run` does, for the walks: real mongod, MinIO,
// ffmpeg and Chromium, with everything in a folder of its own.
import assert from 'node:assert/strict'
import { spawn, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { MongoClient } from 'mongodb'
import { chromium } from 'playwright-core'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const binary = join(root, 'bin', 'haidang')
export const password = 'den-soi-song-bien-dong'
export const phone = { width: 360, height: 740 }
export const desk = { width: 1280, height: 800 }
const here = { locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', acceptDownloads: true, serviceWorkers: 'block' }

/** A free port below those that the system gives to outgoing connections, so that none of them takes it before it is used. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const server = createServer()
    const free = await new Promise((done) => {
      server.once('error', () => done(false))
      server.listen(port, '127.0.0.1', () => done(true))
    })
    if (!free) continue
    await new Promise((done) => server.close(done))
    return port
  }
}

function find(...programs) {
  for (const program of programs) {
    try {
      return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim()
    } catch {
      // look for the next one
    }
  }
  throw new Error(`none of ${programs.join(', ')} is on the PATH`)
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // it has ended
  }
}

/** A program that `make` fetches unless it is on the PATH. */
export const tool = (program) => {
  try {
    return find(program)
  } catch {
    return join(root, '.cache', 'bin', program)
  }
}
export const ffmpeg = () => tool('ffmpeg')

/** Runs the program with its stores in a folder, until it is ready. */
async function run(data) {
  const [port, mongoPort, s3Port] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(binary, ['run', '--listen', `127.0.0.1:${port}`, '--data', data, '--mongo-port', mongoPort, '--s3-port', s3Port], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.on('data', (b) => (said += b))
  child.stderr.on('data', (b) => (said += b))
  const ended = new Promise((done) => child.on('exit', done))
  await until('the system is ready', () => {
    if (child.exitCode !== null) throw new Error(`the system did not start: ${said}`)
    return said.includes('Hải Đăng is ready')
  }, 120_000, () => said)
  const secrets = JSON.parse(readFileSync(join(data, 'secrets.json'), 'utf8'))
  const mongo = `mongodb://haidang:${secrets.mongoPassword}@127.0.0.1:${mongoPort}/?authSource=admin&replicaSet=rs0`
  const env = { ...process.env, MONGODB_URI: mongo, S3_ENDPOINT: `http://127.0.0.1:${s3Port}`, S3_ACCESS_KEY: secrets.s3AccessKey, S3_SECRET_KEY: secrets.s3SecretKey }
  async function end() {
    child.kill('SIGTERM')
    const code = await ended
    if (code !== 0) throw new Error(`the system ended with ${code}: ${said}`)
  }
  return { url: `http://127.0.0.1:${port}`, child, mongo, env, end }
}

/**
 * The folder of a system that was filled with today's demo by this program and has
 * made all forms of its files. It is made once and every walk begins with a copy:
 * filling anew took 14 of the 16 seconds of processor time that a start took.
 */
async function filled() {
  const { mtimeMs } = statSync(binary)
  const today = new Date().toLocaleDateString('sv', { timeZone: here.timezoneId })
  const name = `${today}-${Math.round(mtimeMs)}`
  const all = join(root, '.cache', 'filled')
  const folder = join(all, name)
  if (existsSync(folder)) return folder
  mkdirSync(all, { recursive: true })
  const data = mkdtempSync(join(all, 'making-'))
  const system = await run(data)
  const client = await MongoClient.connect(system.mongo)
  const assets = client.db('haidang').collection('assets')
  await until('all forms are made', async () => (await assets.countDocuments({ transcode: { $in: ['waiting', 'running'] } })) === 0, 120_000)
  await client.close()
  await system.end()
  try {
    renameSync(data, folder)
  } catch {
    rmSync(data, { recursive: true }) // another walk was first
  }
  for (const old of readdirSync(all).map((n) => join(all, n))) {
    if (old !== folder && statSync(old).mtimeMs < Date.now() - 3_600_000) rmSync(old, { recursive: true, force: true })
  }
  return folder
}

/** Starts the system with the demo. Call stop at the end. */
export async function start() {
  const executablePath = find('chromium', 'chromium-browser', 'google-chrome')
  const folder = mkdtempSync(join(tmpdir(), 'haidang-walk-'))
  cpSync(await filled(), join(folder, 'data'), { recursive: true })
  const { url, child, mongo, env, end } = await run(join(folder, 'data'))
  const program = {
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  }
  const browser = await chromium.launch(program)
  const keeping = []
  return {
    url, browser, mongo, folder, child,
    /** A browser that keeps what it stored when it is closed and opened again under its name. */
    async kept(name, viewport) {
      const context = await chromium.launchPersistentContext(join(folder, name), { ...program, ...here, serviceWorkers: 'allow', viewport })
      keeping.push(context)
      return context
    },
    /** Ends such a browser as a phone does that runs out of power. */
    async killed(name, context) {
      const ended = new Promise((done) => context.on('close', done))
      for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
        if (commandOf(pid).includes(`user-data-dir=${join(folder, name)}`)) process.kill(pid, 'SIGKILL')
      }
      await ended
    },
    /** Runs a tool of the program and gives its exit code and what it printed. */
    tool(...args) {
      try {
        return { code: 0, out: execFileSync(binary, args, { env, encoding: 'utf8', stdio: 'pipe' }) }
      } catch (error) {
        return { code: error.status, out: `${error.stdout}${error.stderr}` }
      }
    },
    async stop() {
      await Promise.all([browser, ...keeping].map((b) => b.close()))
      await end().finally(() => rmSync(folder, { recursive: true, force: true }))
    },
  }
}

/** A new browser context (another device) with a page at the front door. */
export const device = async (world, size = desk) => opened(world, await contextOf(world, { viewport: size }))

/** A new browser context, as all devices have it but for what is asked. */
export const contextOf = (world, options = {}) => world.browser.newContext({ ...here, ...options })

/** A page of a browser context, at the front door. */
export async function opened(world, context) {
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.faults = []
  page.on('pageerror', (error) => page.faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4(0[01349]|22)/.test(message.text())) page.faults.push(message.text())
  })
  await page.goto(`${world.url}/`)
  return page
}

export async function signIn(page, username) {
  await page.getByLabel('Tên đăng nhập').fill(username)
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByRole('heading', { name: 'Việc của tôi hôm nay' }).waitFor()
}

/** Signs in on a new device. */
export async function as(world, username, size) {
  const page = await device(world, size)
  await signIn(page, username)
  return page
}

/** Has ffmpeg make a small file; gives its path. */
export function made(world, name, ...args) {
  const path = join(world.folder, name)
  execFileSync(ffmpeg(), ['-loglevel', 'error', '-nostdin', '-y', ...args, path])
  return path
}

/** Makes a file like that and uploads it for the demo's department; gives the asset once it is looked into. */
export async function uploaded(world, page, name, ...args) {
  const data = readFileSync(made(world, name, ...args))
  const { id } = await (await page.request.post(`${world.url}/api/uploads`, { data: { name, bytes: data.length, owner: 'SNV' } })).json()
  const headers = { 'X-Part-Sha256': createHash('sha256').update(data).digest('hex') }
  assert.equal((await page.request.put(`${world.url}/api/uploads/${id}/parts/1`, { data, headers })).status(), 204)
  let { asset } = await (await page.request.post(`${world.url}/api/uploads/${id}/complete`)).json()
  await until(`${name} is looked into`, async () => (asset = await assetOf(world, page, asset.id)).state === 'ready')
  return asset
}

/** Has somebody who is signed in ask the API; anything but success ends the test. */
export const asking = (world, { request }) => async (method, path, data) => {
  const response = await request[method](world.url + path, { data })
  assert.ok(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`)
  return response.status() === 204 ? undefined : response.json()
}

export const assetOf = async (world, page, id) => (await page.request.get(`${world.url}/api/assets/${id}`)).json()

/** Sends the open draft to its reviewer, who passes it without a pilot, and publishes it. */
export async function publish(world, page) {
  await page.getByRole('button', { name: 'Gửi thẩm định' }).click()
  await page.getByText('Bản thảo đang được thẩm định').waitFor()
  const reviewer = await as(world, 'thamdinh')
  await reviewer.goto(`${page.url()}/tham-dinh`)
  await reviewer.getByRole('button', { name: 'Thông qua nội dung' }).click()
  const legal = reviewer.getByLabel('Không đọc thử')
  await legal.or(reviewer.getByText('Chờ xuất bản').and(reviewer.locator('[aria-current]'))).waitFor()
  if (await legal.isVisible()) {
    await legal.check()
    await reviewer.getByRole('button', { name: 'Thông qua pháp lý', exact: true }).click()
    await reviewer.locator('[aria-current]').getByText('Chờ xuất bản').waitFor()
  }
  await reviewer.context().close()
  await page.reload()
  await page.getByRole('button', { name: /^Xuất bản phiên bản/ }).click()
}

export async function until(what, done, ms = 20_000, more = () => '') {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 100))) if (await done()) return
  throw new Error(`not within ${ms} ms: ${what} ${more()}`)
}

/** What axe finds wrong with a page, in one line each, and whether it scrolls sideways. */
export async function flaws(page, without = []) {
  const { violations } = await new AxeBuilder({ page }).disableRules(without).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  const list = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)
  if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) list.push('the page scrolls sideways')
  return list
}

/** A picture for whoever wants to see: HAIDANG_SHOTS names a folder. */
export async function shot(page, name) {
  const folder = process.env.HAIDANG_SHOTS
  if (folder) await page.screenshot({ path: join(folder, `${name}-${page.viewportSize().width}.png`), fullPage: true })
}

/** Looks at a page that is there, on a phone and on a desk. */
export async function look(page, where) {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await until('everything is loaded', async () => (await page.getByText('Đang tải…').count()) === 0)
  for (const size of [phone, desk]) {
    await page.setViewportSize(size)
    await shot(page, where)
    // Colours are the same on both, and take axe longest.
    assert.deepEqual(await flaws(page, size === desk ? ['color-contrast'] : []), [], `${where} at ${size.width} px`)
  }
}

const controls = ['radio', 'checkbox', 'textbox', 'combobox', 'spinbutton', 'button', 'link']

/** What a screen reader is told of a question: each control has a name, and a group of them or the control itself says what is asked. */
export async function heard(page, asked) {
  const devtools = await page.context().newCDPSession(page)
  const { nodes } = await devtools.send('Accessibility.getFullAXTree')
  await devtools.detach()
  const told = nodes.filter((n) => !n.ignored).map((n) => ({ role: n.role?.value, name: n.name?.value ?? '', more: n.description?.value ?? '' }))
  assert.deepEqual(told.filter((n) => controls.includes(n.role) && n.name.trim() === ''), [])
  const asks = told.filter((n) => ['group', 'radiogroup', 'textbox', 'spinbutton'].includes(n.role) && `${n.name} ${n.more}`.includes(asked))
  assert.ok(asks.length > 0, `${asked}: ${JSON.stringify(told.filter((n) => n.name))}`)
  return asks[0].role
}
