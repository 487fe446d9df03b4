import { rates } from './habits'

/** The smallest of what a key does to a player. */
export interface Played {
  paused: boolean
  muted: boolean
  currentTime: number
  duration: number
  playbackRate: number
  play(): Promise<void>
  pause(): void
}

export interface More {
  captions: () => void
  full: () => void
}

const leap = 10 // seconds

/** What keys do, by the character that they give; true when it was one of them. */
export function press(key: string, media: Played, more: More): boolean {
  const to = (seconds: number) => { media.currentTime = Math.max(0, Math.min(seconds, media.duration || 0)) }
  const faster = (step: number) => { media.playbackRate = rates[Math.max(0, Math.min(rates.indexOf(media.playbackRate) + step, rates.length - 1))] ?? 1 }
  const deeds: Record<string, () => void> = {
    k: () => { if (media.paused) void media.play().catch(() => undefined); else media.pause() },
    j: () => to(media.currentTime - leap),
    l: () => to(media.currentTime + leap),
    m: () => { media.muted = !media.muted },
    c: more.captions,
    f: more.full,
    '<': () => faster(-1),
    '>': () => faster(1),
  }
  const deed = deeds[key.toLowerCase()]
  deed?.()
  return deed !== undefined
}

/** Has the keys work while the player has the keyboard, and no field; gives how to stop. */
export function listen(player: HTMLElement, media: () => HTMLMediaElement | undefined, captions: () => void): () => void {
  const full = () => void (document.fullscreenElement ? document.exitFullscreen() : player.requestFullscreen?.())?.catch(() => undefined)
  const heard = (event: KeyboardEvent) => {
    const played = media()
    if (!played || event.ctrlKey || event.altKey || event.metaKey || (event.target as HTMLElement).matches('input, select, textarea')) return
    if (press(event.key, played, { captions, full })) event.preventDefault()
  }
  player.addEventListener('keydown', heard)
  return () => player.removeEventListener('keydown', heard)
}
