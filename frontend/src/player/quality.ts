import type { Schemas } from '$lib/api/client'

type Asset = Schemas['AssetView']
export type Rendition = Schemas['Rendition']

const memory = 'haidang.quality'

/** What the person chose on this device: a rendition's name, or '' for automatic. */
export const remembered = () => localStorage.getItem(memory) ?? ''
export const remember = (choice: string) => localStorage.setItem(memory, choice)

interface Connection {
  saveData?: boolean
  effectiveType?: string
}

/** The network is slow, or its bytes are dear. */
export function thrifty(connection = (navigator as { connection?: Connection }).connection): boolean {
  return connection?.saveData === true || /(^|-)[23]g$/.test(connection?.effectiveType ?? '')
}

/** The renditions of a recording, smallest first and sound alone last. */
export const choices = (asset: Asset): Rendition[] =>
  [...(asset.renditions ?? [])].sort((a, b) => (a.height ?? 9999) - (b.height ?? 9999))

/**
 * The rendition to play, or undefined for the source. Automatic is the smallest
 * of at least 480 lines, or the smallest of all where bytes count; what is not
 * made yet leaves the source.
 */
export function pick(asset: Asset, choice: string, thrift: boolean): Rendition | undefined {
  const all = choices(asset)
  const chosen = all.find((r) => r.name === choice)
  if (chosen) return chosen
  const films = all.filter((r) => r.height)
  if (films.length === 0) return asset.kind === 'audio' ? all[0] : undefined
  if (thrift) return films[0]
  return films.find((r) => r.height! >= 480) ?? (asset.transcode === 'ready' ? films.at(-1) : undefined)
}

/** The playlist to adapt to, where that is worth it: not where bytes are dear, nor for sound. */
export const playlist = (asset: Asset, choice: string, thrift: boolean): string | undefined =>
  choice === '' && !thrift && asset.kind === 'video' && navigator.onLine ? asset.hlsUrl : undefined
