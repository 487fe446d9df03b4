import { Failure, type Schemas } from '$lib/api/client'
import * as m from '$lib/messages/messages'

type Settings = Schemas['CertificateSettings']

/** The lines of the form that are plain text, in the order of the paper. */
export const lines = ['nation', 'motto', 'parent', 'title', 'place', 'signerTitle', 'signerName', 'suffix'] as const

export const labels: Record<(typeof lines)[number] | 'from', () => string> = {
  nation: m.certificate_nation,
  motto: m.certificate_motto,
  parent: m.certificate_parent,
  title: m.certificate_title,
  place: m.certificate_place,
  signerTitle: m.certificate_signer_title,
  signerName: m.certificate_signer_name,
  suffix: m.certificate_suffix,
  from: m.certificate_from,
}

/** Names the lines that a refusal is about, if it names some. */
export function wrong(failure: Failure | undefined): string | undefined {
  const fields = failure?.problem?.fields?.map((f) => labels[f.path as keyof typeof labels]?.()).filter(Boolean)
  return fields?.length ? m.certificate_wrong({ fields: [...new Set(fields)].join(', ') }) : undefined
}

/** What counts on a day, and what is still to come, of settings with the latest first. */
export function standing(list: Settings[], today: string): { now?: Settings; coming: Settings[] } {
  return { now: list.find((s) => s.from! <= today), coming: list.filter((s) => s.from! > today).reverse() }
}
