import { describe, expect, it } from 'vitest'
import { standing } from './settings'

const on = (from: string) => ({ from, issues: true, authorised: false, nation: '', motto: '', title: '', place: '', signerTitle: '', signerName: '' })

describe('what an organisation prints', () => {
  it('is the latest that has begun, and the rest is to come, the next first', () => {
    const list = [on('2027-01-01'), on('2026-12-01'), on('2026-11-24'), on('2025-01-01')]
    const { now, coming } = standing(list, '2026-11-24')
    expect(now?.from).toBe('2026-11-24')
    expect(coming.map((s) => s.from)).toEqual(['2026-12-01', '2027-01-01'])
    expect(standing(list, '2024-01-01').now).toBeUndefined()
  })
})
