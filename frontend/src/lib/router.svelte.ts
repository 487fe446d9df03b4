/** Where the app is. Links are plain; clicks on those of this entry stay here. */
export const route = $state({ path: location.pathname, query: new URLSearchParams(location.search) })

function follow() {
  route.path = location.pathname
  route.query = new URLSearchParams(location.search)
}

export function go(to: string, replace = false) {
  if (entry(to) !== entry(location.pathname)) {
    location.assign(to)
    return
  }
  history[replace ? 'replaceState' : 'pushState'](null, '', to)
  follow()
  scrollTo(0, 0)
  document.getElementById('main')?.focus({ preventScroll: true })
}

const others = ['studio', 'hr', 'admin']

/** Which of the four apps serves a path. */
export function entry(path: string): string {
  const first = path.split(/[/?#]/)[1] ?? ''
  return others.includes(first) ? first : ''
}

addEventListener('popstate', follow)
addEventListener('click', (event) => {
  const link = (event.target as Element).closest?.('a')
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
  if (/^\/(api|media)\//.test(link.pathname) || link.hash) return
  event.preventDefault()
  go(link.pathname + link.search)
})

/** The parts of a path that a pattern such as /khoa-hoc/:id names, or null. */
export function match(pattern: string, path = route.path): Record<string, string> | null {
  const wanted = pattern.split('/')
  const have = path.replace(/\/$/, '').split('/')
  if (wanted.length !== have.length) return null
  const found: Record<string, string> = {}
  for (const [i, part] of wanted.entries()) {
    const value = have[i] ?? ''
    if (part.startsWith(':')) found[part.slice(1)] = decodeURIComponent(value)
    else if (part !== value) return null
  }
  return found
}
