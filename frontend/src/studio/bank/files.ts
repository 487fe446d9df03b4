import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

const reasons: Record<string, () => string> = {
  type_unknown: m.left_type_unknown,
  type_not_in_form: m.left_type_not_in_form,
  picture: m.left_picture,
  area: m.left_area,
  unreadable: m.left_unreadable,
  required: m.left_required,
  no_right: m.left_no_right,
  none_right: m.left_no_right,
  one_right: m.item_fault_one_right,
  right_unknown: m.left_right_unknown,
  bad_number: m.item_fault_number,
  partial_credit: m.left_partial_credit,
  wildcard: m.left_wildcard,
  extra_options: m.left_extra_options,
  no_rubric: m.left_no_rubric,
  unused: m.left_unused,
  difficulty_unknown: m.left_difficulty_unknown,
  too_long: m.item_fault_too_long,
  too_few: m.item_fault_too_few,
  too_many: m.item_fault_too_many,
  order: m.item_fault_order,
  twice: m.item_fault_twice,
  legacy_encoding: m.item_fault_legacy,
}

/** Why a question of a file is left out. */
export const leftOut = (q: Schemas['RefusedQuestion']): string => (reasons[q.code] ?? m.item_fault_other)()
