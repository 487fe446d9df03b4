import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

/** How far somebody is this year, who has a number of tiet to reach. */
export const tietWords = ({ tiet, target }: Pick<Schemas['Today'], 'tiet' | 'target'>): string =>
  tiet < target ? m.tiet_owed({ done: tiet, target, left: target - tiet }) : m.tiet_reached({ done: tiet, target })
