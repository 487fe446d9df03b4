import type { Schemas } from '$lib/api/client'

/** The words of some runs, without their marks. */
export const words = (runs: Schemas['Inline'][] | null | undefined): string => (runs ?? []).map((run) => run.text).join('')
