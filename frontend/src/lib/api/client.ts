import type { components, paths } from './schema'

export type Schemas = components['schemas']
export type RefusalCode = Schemas['RefusalCode']
export type Problem = Schemas['Problem']

/** Why a request did not succeed: a refusal of the server, or no network. */
export class Failure extends Error {
  constructor(
    readonly code: RefusalCode | 'offline',
    readonly problem?: Problem,
  ) {
    super(code)
  }
}

/** What was thrown, as a Failure; what is none is a fault of this app. */
export const failureOf = (error: unknown) => (error instanceof Failure ? error : new Failure('request.fault'))

/** What asking ends in where there is no network, or where the answer breaks off. */
export const offline = (): Promise<never> => Promise.reject(new Failure('offline'))

/**
 * How far the server's clock is ahead of this device's, and what it said last, in
 * milliseconds; fresh when this page heard it itself.
 */
export const clock = { ahead: 0, heard: 0, fresh: false }

/** The instant by the server's clock: clocks of old phones are often wrong. */
export const now = () => new Date(Date.now() + clock.ahead)

/** A signal that ends what takes longer than that, in ms: a connection that stalls may say nothing for an hour. */
export function within(ms: number): AbortSignal {
  const limit = new AbortController()
  setTimeout(() => limit.abort(), ms)
  return limit.signal
}

/** How long a request may take with a body of so many bytes: a minute, and what they take at 200 kbit/s. */
export const patience = (bytes?: number) => 60_000 + (bytes ?? 0) / 25

let refreshing: Promise<boolean> | null = null

/** Exchanges the refresh token once, however many requests ask for it. */
function refreshed(): Promise<boolean> {
  refreshing ??= fetch('/api/session/refresh', { method: 'POST', signal: within(patience()) })
    .then((r) => r.ok)
    .finally(() => (refreshing = null))
  return refreshing
}

/**
 * fetch that refreshes the session when it ran out, and tries once more. It
 * gives an answer that succeeded, and throws a Failure for every other end.
 * Without a signal of its own it ends when patience does.
 */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    init = { ...init, signal: init.signal ?? within(patience((init.body as string)?.length)) }
    let response = await fetch(url, init)
    if (response.status === 401 && url !== '/api/session' && (await refreshed())) response = await fetch(url, init)
    const heard = Date.parse(response.headers.get('date') ?? '')
    if (heard) Object.assign(clock, { heard, ahead: heard + 500 - Date.now(), fresh: true })
    if (response.ok) return response
    const problem = await response.json().then((p: Problem) => p, () => undefined)
    throw new Failure(problem?.code ?? 'request.fault', problem)
  } catch (error) {
    throw error instanceof Failure ? error : new Failure('offline')
  }
}

// What a route takes and gives is read off the generated schema, so that a
// misspelt path, parameter or field does not compile.
type Verb = 'get' | 'post' | 'put' | 'delete'
type Routes<V extends Verb> = { [P in keyof paths]: paths[P][V] extends { responses: unknown } ? P : never }[keyof paths]
type Takes<O> = (O extends { parameters: { path: infer P } } ? { path: P } : unknown) &
  (O extends { parameters: { query: infer Q } } ? { query: Q } : O extends { parameters: { query?: infer Q } } ? { query?: Q } : unknown) &
  (O extends { requestBody: { content: { 'application/json': infer B } } } ? { body: B } : unknown)
type Gives<O> = O extends { responses: { 200: { content: { 'application/json': infer B } } } } ? B : undefined
/** Of what may take the server longer than others. */
interface Patient {
  signal?: AbortSignal
}
type Rest<T> = Record<never, never> extends T ? [input?: T & Patient] : [input: T & Patient]

interface Input extends Patient {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

const call =
  <V extends Verb>(verb: V) =>
  async <P extends Routes<V>>(path: P, ...rest: Rest<Takes<paths[P][V]>>): Promise<Gives<paths[P][V]>> => {
    const input = (rest[0] ?? {}) as Input
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(input.query ?? {})) if ((value ?? '') !== '') query.set(name, String(value))
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input.path?.[name])))
    const url = String(query) === '' ? filled : `${filled}?${query}`
    const body = input.body === undefined ? {} : { body: JSON.stringify(input.body), headers: { 'Content-Type': 'application/json' } }
    const response = await send(url, { method: verb, signal: input.signal ?? null, ...body })
    return (response.status === 204 ? undefined : await response.json().catch(offline)) as Gives<paths[P][V]>
  }

export const GET = call('get')
export const POST = call('post')
export const PUT = call('put')
export const DELETE = call('delete')
