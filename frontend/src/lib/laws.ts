import type { Schemas } from './api/client'
import * as m from './messages/messages'

type Law = Schemas['Law']

/** Words for the kinds of legal documents, and for whether they hold. */
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
