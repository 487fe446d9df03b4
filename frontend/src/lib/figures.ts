// Apart from words.ts, because the first page needs no more than this.
import { getLocale } from '$lib/messages/runtime'

export const locale = () => (getLocale() === 'en' ? 'en-GB' : 'vi-VN')

/** 1.234.567 */
export const number = (n: number) => new Intl.NumberFormat(locale()).format(n)

/** Basis points as a percentage, 12,3 % */
export const percent = (bp: number) =>
  new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(bp / 10000)
