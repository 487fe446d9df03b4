import { DELETE, Failure, GET, type Schemas } from './api/client'
import { entry, go } from './router.svelte'

type Me = Schemas['Me']
type Role = Schemas['RoleHere']['role']

/** Who is signed in; undefined until known, null for nobody. */
export const session = $state<{ me: Me | null | undefined }>({ me: undefined })

const kept = 'haidang.me'

/** Finds out who is signed in. Without a network it is whoever was last. */
export async function open(): Promise<void> {
  try {
    enter(await GET('/api/me'))
  } catch (error) {
    const offline = error instanceof Failure && error.code === 'offline'
    const last = localStorage.getItem(kept)
    session.me = offline && last ? (JSON.parse(last) as Me) : null
    if (!offline) localStorage.removeItem(kept)
  }
}

export function enter(me: Me) {
  localStorage.setItem(kept, JSON.stringify(me))
  session.me = me
}

export async function leave(): Promise<void> {
  await DELETE('/api/session')
  localStorage.removeItem(kept)
  session.me = null
  go('/dang-nhap')
}

/** Sends whoever is not signed in to the sign-in page, and back afterwards. */
export function guard() {
  const here = location.pathname + location.search
  if (session.me === null && location.pathname !== '/dang-nhap') go(`/dang-nhap?tiep=${encodeURIComponent(here)}`, true)
  if (session.me?.mustChangePassword && location.pathname !== '/mat-khau') go('/mat-khau', true)
}

export const has = (...roles: Role[]) => session.me?.roles.some((r) => roles.includes(r.role)) ?? false

/** The apps that the person's roles open, besides the learner's. */
export const doors = () => ({
  studio: has('author', 'reviewer', 'publisher', 'auditor'),
  hr: has('hr', 'leader', 'auditor'),
  admin: has('hr', 'administrator', 'leader', 'auditor'),
})

export const at = () => entry(location.pathname)
