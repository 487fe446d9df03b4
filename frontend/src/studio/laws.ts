import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'
import { day, today } from '$lib/words'

type Law = Schemas['Law']
export type LawInput = Schemas['LawInput']

export const lawKinds: Record<Law['kind'], () => string> = {
  luat: m.law_luat,
  nghi_quyet: m.law_nghi_quyet,
  nghi_dinh: m.law_nghi_dinh,
  thong_tu: m.law_thong_tu,
  quyet_dinh: m.law_quyet_dinh,
  chi_thi: m.law_chi_thi,
  thong_bao: m.law_thong_bao,
  khac: m.law_khac,
}

export const lawStates: Record<Law['state'], () => string> = { coming: m.law_coming, in_force: m.law_in_force, ended: m.law_ended }

/** The class of a state's tag. */
export const lawTag: Record<Law['state'], string> = { coming: 'due', in_force: 'good', ended: 'bad' }

/** From when to when, in words. */
export const stretch = (law: Law) => m.law_since({ day: day(law.from) }) + (law.until ? ` ${m.law_to({ day: day(law.until) })}` : '')

export const freshLaw = (): LawInput => ({ number: '', kind: 'nghi_dinh', abstract: '', issuer: '', from: today() })

/** What the form holds of an entry. */
export const inputOf = ({ number, kind, abstract, issuer, from, until, replacedBy }: Law): LawInput => ({ number, kind, abstract, issuer, from, until, replacedBy })

/** What is sent: what was left empty is not. */
export const sent = (law: LawInput): LawInput => ({ ...law, until: law.until || undefined, replacedBy: law.replacedBy || undefined })
