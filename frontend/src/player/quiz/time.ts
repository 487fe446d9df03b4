/** What is left of an attempt: minutes, in the last of them seconds. */
export interface Left {
  unit: 'minutes' | 'seconds'
  n: number
}

const minute = 60_000

export function left(ms: number): Left {
  if (ms > minute) return { unit: 'minutes', n: Math.ceil(ms / minute) }
  return { unit: 'seconds', n: Math.max(0, Math.ceil(ms / 1000)) }
}

/** The minutes, 5 or 1, that are to be announced when the time goes from one rest to a smaller one. */
export function announced(before: number, after: number): number | undefined {
  return [1, 5].find((n) => before > n * minute && after <= n * minute)
}

/**
 * How far the server's clock is ahead of the device's. Before any answer of the
 * server the client knows nothing and says 0; then what was kept serves.
 */
export const ahead = (measured: number, kept: number) => (Math.abs(measured) > 5 ? measured : kept)
