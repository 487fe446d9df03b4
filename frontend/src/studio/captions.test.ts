import { describe, expect, it } from 'vitest'
import { Failure, type Problem } from '$lib/api/client'
import { cues, fault, read, written } from './captions'

describe('times of captions', () => {
  it('are written as people read them', () => {
    expect([0, 62_500, 3_723_004].map(written)).toEqual(['0:00.000', '1:02.500', '1:02:03.004'])
  })
  it('are read as people type them', () => {
    expect(['0:00', '1:02.5', '1:02,500', ' 1:02:03.004 ', '90:00'].map(read)).toEqual([0, 62_500, 62_500, 3_723_004, 5_400_000])
    for (const bad of ['', '5', '1:60', '-1:00', '1:00.0000', 'x:00', '1:00 pm']) expect(read(bad)).toBeUndefined()
  })
  it('are read as they are written', () => {
    for (const ms of [1, 999, 59_999, 60_000, 3_599_999, 3_600_000, 14_400_000]) expect(read(written(ms))).toBe(ms)
  })
})

describe('rows of captions', () => {
  const row = (key: string, from: string, to: string) => ({ key, from, to, text: key })
  it('become cues in the order of time', () => {
    const found = cues([row('b', '0:02', '0:03'), row('a', '0:00', '0:01')])
    expect('cues' in found && found.cues).toEqual([{ fromMs: 0, toMs: 1000, text: 'a' }, { fromMs: 2000, toMs: 3000, text: 'b' }])
  })
  it('name the one whose time is none', () => {
    const found = cues([row('a', '0:00', '0:01'), row('b', 'x', '0:03')])
    expect('wrong' in found && found.wrong.key).toBe('b')
  })
})

describe('a fault', () => {
  const refused = (path: string, code: string) => new Failure('media.bad_captions', { status: 422, fields: [{ path, code }] } as Problem)
  it('names its place and reason', () => {
    expect(fault(refused('line:7', 'overlap'))).toContain('7')
    expect(fault(refused('cues[2]', 'overlap'))).toContain('3')
  })
  it('is none of other failures', () => {
    expect(fault(undefined)).toBeUndefined()
    expect(fault(new Failure('offline'))).toBeUndefined()
  })
})
