/** A small picture of a recording: from when it stands for it, and where it lies in a file. */
export interface Small {
  from: number
  file: string
  box: string
}

const seconds = (time: string) => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)

/** The small pictures that a track of ours lists, in the order of time; their files lie beside it. */
export function small(vtt: string, url: string): Small[] {
  const list: Small[] = []
  for (const [, from, file, box] of vtt.matchAll(/^([\d:.]+) --> .*\n([\w.]+)#xywh=(\d+,\d+,\d+,\d+)$/gm)) {
    list.push({ from: Math.round(seconds(from!) * 1000), file: url.replace(/[^/]+$/, file!), box: box!.replaceAll(',', ' ') })
  }
  return list
}

export const smallAt = (list: Small[], ms: number): Small | undefined => list.filter((s) => s.from <= ms).at(-1)

const asked = new Map<string, Promise<Small[]>>()

/** Asks for a track once; one that does not come is none. */
export function smallOf(url: string): Promise<Small[]> {
  if (!asked.has(url)) asked.set(url, fetch(url).then(async (r) => (r.ok ? small(await r.text(), url) : []), () => (asked.delete(url), [])))
  return asked.get(url)!
}
