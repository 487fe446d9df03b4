import { send, type Schemas } from '$lib/api/client'
import { coalesced } from '$lib/offline/coalesced'
import type { Asked } from './answers'
import type { KeptPicture } from './store'

type Picture = Schemas['AskedPicture']

/** What a picture is kept by. */
const keyOf = (picture: Picture) => picture.forms[0]?.url ?? ''

/** The form to be fetched: the narrowest that fills so many pixels, else the widest. */
export const fitting = (forms: Picture['forms'], pixels: number) => forms.find((f) => f.width >= pixels) ?? forms.at(-1)

const column = 928 // CSS pixels of the column that pictures stand in
const most = 1600 // pixels: a form can be read, and 40 of them can be kept

const bytesOf = async (r: Response): Promise<KeptPicture> => ({ type: r.headers.get('content-type') ?? '', bytes: await r.arrayBuffer() })

/** The pictures of an attempt on this device. */
export class Pictures {
  kept = $state.raw<Record<string, KeptPicture>>({})
  /** Some could not be fetched. */
  failed = $state(false)
  #wanted: () => Asked[]
  #keep: () => Promise<void>

  constructor(kept: Record<string, KeptPicture>, wanted: () => Asked[], keep: () => Promise<void>) {
    this.kept = kept
    this.#wanted = wanted
    this.#keep = keep
  }

  of = (asked: Asked): KeptPicture | undefined => (asked.picture ? this.kept[keyOf(asked.picture)] : undefined)

  /** Fetches those that are not here yet, and keeps each. */
  gather = coalesced(async () => {
    this.failed = false
    for (const { picture } of this.#wanted()) {
      if (!picture || this.kept[keyOf(picture)]) continue
      const form = fitting(picture.forms, Math.min(most, Math.min(innerWidth, column) * devicePixelRatio))
      const read = form && (await send(form.url, {}).then(bytesOf).catch(() => undefined))
      if (!read) {
        this.failed = true
        continue
      }
      this.kept = { ...this.kept, [keyOf(picture)]: read }
      await this.#keep()
    }
  })
}
