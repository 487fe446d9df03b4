import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

export const postingKinds: Record<Schemas['Posting']['kind'], () => string> = {
  permanent: m.posting_permanent,
  concurrent: m.posting_concurrent,
  secondment: m.posting_secondment,
  rotation: m.posting_rotation,
  transfer: m.posting_transfer,
}

export const roles: Record<Schemas['GrantInput']['role'], () => string> = {
  author: m.role_author,
  reviewer: m.role_reviewer,
  publisher: m.role_publisher,
  leader: m.role_leader,
  hr: m.role_hr,
  administrator: m.role_administrator,
  auditor: m.role_auditor,
}

export const categories: Record<Schemas['Person']['category'], () => string> = {
  can_bo: m.category_cadre,
  cong_chuc: m.category_civil_servant,
  vien_chuc: m.category_public_employee,
  khac: m.category_other,
}

export const genders: Record<Schemas['Person']['gender'], () => string> = { female: m.female, male: m.male, unstated: m.unstated }
