import { locale, number } from './figures'

const zone = 'Asia/Ho_Chi_Minh'

/** dd/MM/yyyy of an instant or a day in the time of Hanoi */
export function day(at: string): string {
  const date = at.length === 10 ? new Date(`${at}T12:00:00+07:00`) : new Date(at)
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: '2-digit', month: '2-digit', year: 'numeric' }).format(date)
}

/** dd/MM/yyyy HH:mm of an instant in the time of Hanoi */
export const time = (at: string) =>
  `${day(at)} ${new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(at))}`

/** yyyy-MM-dd of today in the time of Hanoi */
export const today = (at = new Date()) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)

/** 13,7 MB, 36 kB or 2,1 GB, with a no-break space */
export function bytes(n: number): string {
  if (n < 1e5) return `${number(Math.ceil(n / 1e3))}\u00a0kB`
  const [size, unit] = n < 999.5e6 ? [n / 1e6, 'MB'] : [n / 1e9, 'GB']
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: size < 100 ? 1 : 0 }).format(size)}\u00a0${unit}`
}

/** 7:05 of milliseconds */
export function clock(ms: number): string {
  const s = Math.floor(ms / 1000)
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}
