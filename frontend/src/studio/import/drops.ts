import type { Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

/** What an import leaves out, in words. */
export const drops: Record<Schemas['DropView']['code'], () => string> = {
  macro: m.drop_macro,
  text_box: m.drop_text_box,
  chart: m.drop_chart,
  diagram: m.drop_diagram,
  embedded_object: m.drop_embedded_object,
  equation: m.drop_equation,
  symbol: m.drop_symbol,
  footnote: m.drop_footnote,
  comment: m.drop_comment,
  deleted_text: m.drop_deleted_text,
  hidden_text: m.drop_hidden_text,
  contents: m.drop_contents,
  table_columns: m.drop_table_columns,
  hidden_slide: m.drop_hidden_slide,
  picture_type: m.drop_picture_type,
  picture_size: m.drop_picture_size,
  picture_count: m.drop_picture_count,
  picture_missing: m.drop_picture_missing,
  external_picture: m.drop_external_picture,
  external_part: m.drop_external_part,
}
