import { sha256 } from '$lib/digest'
import { Failure, GET, patience, POST, send, within, type Schemas } from '$lib/api/client'

/** Names the upload of a file on this device, so that a closed tab can go on. */
const memory = (file: File, owner: string) => `haidang.upload.${owner}.${file.name}.${file.size}.${file.lastModified}`

const tries = 8
const rest = (ms: number) => new Promise((done) => setTimeout(done, ms))

/**
 * Sends a file in parts and gives the asset's id. A part that does not arrive is
 * sent again, with growing pauses; a file that was begun before goes on where it
 * stopped.
 */
export async function upload(file: File, owner: string, told: (share: number) => void): Promise<string> {
  const key = memory(file, owner)
  const begun = localStorage.getItem(key)
  let state = begun ? await resume(begun) : undefined
  if (state?.asset) return state.asset.id
  state ??= await POST('/api/uploads', { body: { name: file.name, bytes: file.size, owner } })
  localStorage.setItem(key, state.id)
  const have = new Set(state.have)
  for (let n = 1; n <= state.parts; n++) {
    if (!have.has(n)) await part(state.id, n, file.slice((n - 1) * state.partSize, n * state.partSize))
    told(n / state.parts)
  }
  const done = await POST('/api/uploads/{id}/complete', { path: { id: state.id } })
  localStorage.removeItem(key)
  return done.asset!.id
}

async function resume(id: string) {
  try {
    return await GET('/api/uploads/{id}', { path: { id } })
  } catch (error) {
    if (error instanceof Failure && error.code === 'media.no_such_upload') return undefined
    throw error
  }
}

async function part(id: string, n: number, blob: Blob): Promise<void> {
  const bytes = await blob.arrayBuffer()
  const hash = await sha256(bytes)
  for (let i = 0; ; i++) {
    const failure = await attempt(`/api/uploads/${id}/parts/${n}`, bytes, hash)
    if (!failure) return
    const mayPass = failure.code === 'offline' || (failure.problem?.status ?? 0) >= 500 || failure.code === 'request.cut_short'
    if (!mayPass || i === tries) throw failure
    await rest(Math.min(500 * 2 ** i, 15_000))
  }
}

async function attempt(url: string, body: ArrayBuffer, hash: string): Promise<Failure | undefined> {
  try {
    await send(url, { method: 'PUT', body, signal: within(patience(body.byteLength)), headers: { 'X-Part-Sha256': hash, 'Content-Type': 'application/octet-stream' } })
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  return undefined
}

/** Waits until the server has looked into a file. */
export async function settled(id: string): Promise<Schemas['AssetView']> {
  for (;;) {
    const asset = await GET('/api/assets/{id}', { path: { id } })
    if (asset.state !== 'uploaded') return asset
    await rest(700)
  }
}
