import type { Schemas } from '$lib/api/client'
import { bytes } from '$lib/words'

type Lesson = Schemas['PackLesson']
type File = Schemas['PackFile']

/** A file to be kept, and how many bytes it has as far as that is known. */
export interface Wanted {
  url: string
  bytes: number
}

const height = (rendition: string) => (rendition === 'audio' ? 0 : parseInt(rendition))

/** The forms in which films can be kept, smallest first and sound alone last; none where there is nothing to choose. */
export function qualities(lessons: Lesson[]): string[] {
  const names = new Set(lessons.flatMap((l) => l.files).map((f) => f.rendition ?? ''))
  const films = [...names].filter((n) => n && n !== 'audio').sort((a, b) => height(a) - height(b))
  return films.length > 0 && names.has('audio') ? [...films, 'audio'] : films
}

/** Of the renditions of a recording the one that was chosen, else the nearest smaller film, else the smallest one, else its sound. */
function fitting(all: File[], quality: string): File | undefined {
  const films = all.filter((f) => f.rendition !== 'audio').sort((a, b) => height(a.rendition!) - height(b.rendition!))
  return all.find((f) => f.rendition === quality) ?? films.filter((f) => height(f.rendition!) <= height(quality)).at(-1) ?? films[0] ?? all[0]
}

/** The files of some lessons, each once, with films in the chosen form. */
export function wanted(lessons: Lesson[], quality: string): Wanted[] {
  const files = lessons.flatMap((l) => l.files)
  const list = new Map<string, Wanted>()
  const want = (url: string, bytes: number) => list.set(url, { url, bytes })
  for (const f of files) {
    if (f.rendition && fitting(files.filter((g) => g.asset === f.asset && g.rendition), quality)?.url !== f.url) continue
    if (!f.pages) want(f.url, f.bytes)
    for (let page = 1; page <= (f.pages ?? 0); page++) {
      want(`${f.url}${page}.webp`, Math.round(f.bytes / f.pages!))
      want(`${f.url}${page}.txt`, 0)
    }
  }
  return [...list.values()]
}

/** How large some files are, in words; what is small is told as a tenth of a megabyte. */
export const sizeOf = (files: Wanted[]): string => bytes(Math.max(sum(files), 1e5))

export const sum = (files: Wanted[]) => files.reduce((n, f) => n + f.bytes, 0)
