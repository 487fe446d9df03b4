import createClient from 'openapi-fetch'
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

/** How far the server's clock is ahead of this device's, in milliseconds. */
let clockAhead = 0

/** The instant by the server's clock: clocks of old phones are often wrong. */
export const now = () => new Date(Date.now() + clockAhead)

let refreshing: Promise<boolean> | null = null

/** Exchanges the refresh token once, however many requests ask for it. */
function refreshed(): Promise<boolean> {
  refreshing ??= fetch('/api/session/refresh', { method: 'POST' })
    .then((r) => r.ok)
    .finally(() => (refreshing = null))
  return refreshing
}

/** fetch that refreshes the session when it ran out, and tries once more. */
export async function sessionFetch(request: Request): Promise<Response> {
  const again = request.clone()
  let response = await fetch(request)
  const own = new URL(request.url).pathname
  if (response.status === 401 && own !== '/api/session' && (await refreshed())) response = await fetch(again)
  const date = response.headers.get('date')
  if (date) clockAhead = new Date(date).getTime() + 500 - Date.now()
  return response
}

const client = createClient<paths>({ baseUrl: location.origin, fetch: sessionFetch })

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>

/** Gives the answer's data, or throws a Failure. */
export async function ok<T>(answer: Answer<T>): Promise<T> {
  let r: Awaited<Answer<T>>
  try {
    r = await answer
  } catch {
    throw new Failure('offline')
  }
  if (r.response.ok) return r.data as T
  const problem = r.error as Problem | undefined
  throw new Failure(problem?.code ?? 'request.fault', problem)
}

export const { GET, POST, PUT, DELETE } = client
