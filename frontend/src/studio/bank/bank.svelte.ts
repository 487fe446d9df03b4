import { GET, type Schemas } from '$lib/api/client'
import { has, unitsWith } from '$lib/session.svelte'

/** What the list of questions is narrowed to; kept while one goes to a question and back. */
export const filter = $state({ unit: '', q: '', topic: '', difficulty: '' as Schemas['BankItem']['difficulty'] | '', type: '' as Schemas['BankItem']['type'] | '', retired: false })

/** The organisations whose banks the person reads, each with its name. */
export const readable = () => unitsWith('author', 'reviewer', 'publisher', 'auditor')

/** Whether the person may write in a bank, as far as is known here: roles over a unit reach those below it. */
export function writes(bank: string): boolean {
  const named = (list: [string, string][]) => list.some(([unit]) => unit === bank)
  return has('author', 'publisher') && (named(unitsWith('author', 'publisher')) || !named(readable()))
}

/** As writes, of publishing. */
export const publishes = (bank: string) => has('publisher') && (unitsWith('publisher').some(([unit]) => unit === bank) || !readable().some(([unit]) => unit === bank))

/** The name of an organisation, or its code where only that is known. */
export const nameOf = (bank: string) => readable().find(([unit]) => unit === bank)?.[1] ?? bank

export const topicsOf = (unit: string) => GET('/api/banks/{unit}/topics', { path: { unit } })

/** The address where a question is written anew. */
export const newAt = (unit: string, type: string, topic = '') => `/studio/ngan-hang/moi?${new URLSearchParams({ unit, type, ...(topic ? { topic } : {}) })}`
