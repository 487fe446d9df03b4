import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { words } from '$player/text'

/** How a block begins, at most 60 characters of it, or its number where it has no words. */
export function opening(block: Schemas['Block'], number: number): string {
  const text = words(block.text)
  if (text.length <= 60) return text || m.block_number({ n: number })
  return `${text.slice(0, 60).replace(/\s+\S*$/, '')}…`
}
