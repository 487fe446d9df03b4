import { clock, DELETE, Failure, GET, type Schemas } from './api/client'
import { mark, marked } from './offline/device'
import { entry, go } from './router.svelte'

type Me = Schemas['Me']
type Role = Schemas['RoleHere']['role']

/** Who is signed in; undefined until known, null for nobody. */
export const session = $state<{ me: Me | null | undefined }>({ me: undefined })

const kept = 'haidang.me'

/** Takes it that whoever was last signed in here still is, until open() knows. */
export function assume() {
  const last = localStorage.getItem(kept)
  if (last) session.me = JSON.parse(last) as Me
}

/** Finds out who is signed in. While the server cannot say, it is whoever was last. */
export async function open(): Promise<void> {
  const was = session.me
  try {
    enter(await GET('/api/me'))
  } catch (error) {
    const nobody = error instanceof Failure && error.problem?.status === 401
    const last = nobody ? '' : (localStorage.getItem(kept) ?? (await marked('me')))
    if (session.me !== was) return // somebody signed in meanwhile
    if (nobody) forget()
    session.me = last ? (JSON.parse(last) as Me) : null
  }
}

function forget() {
  localStorage.removeItem(kept)
  void mark('me', '').catch(() => {})
}

export function enter(me: Me) {
  const all = JSON.stringify(me)
  localStorage.setItem(kept, all)
  void mark('me', all).catch(() => {})
  void mark('clock', `${clock.ahead} ${clock.heard}`).catch(() => {})
  session.me = me
}

export async function leave(): Promise<void> {
  await DELETE('/api/session')
  forget()
  session.me = null
  go('/dang-nhap')
}

/** Whether the page is for everybody: a shared record, or the check of a certificate. */
export const forAll = () => /^\/(chia-se|xac-minh)/.test(location.pathname)

/** Sends whoever is not signed in to the sign-in page, and back afterwards. */
export function guard() {
  if (forAll()) return
  const here = location.pathname + location.search
  if (session.me === null && location.pathname !== '/dang-nhap') go(`/dang-nhap?tiep=${encodeURIComponent(here)}`, true)
  if (session.me?.mustChangePassword && location.pathname !== '/mat-khau') go('/mat-khau', true)
}

export const has = (...roles: Role[]) => session.me?.roles.some((r) => roles.includes(r.role)) ?? false

/** The units over which the person has one of the roles, each with its name. */
export const unitsWith = (...roles: Role[]) => [...new Map(session.me!.roles.filter((r) => roles.includes(r.role)).map((r) => [r.unit, r.unitName]))]

/** The apps that the person's roles open, besides the learner's. */
export const doors = () => ({
  studio: has('author', 'reviewer', 'publisher', 'auditor'),
  hr: has('hr', 'leader', 'auditor'),
  admin: has('hr', 'administrator', 'leader', 'auditor'),
})

export const at = () => entry(location.pathname)
