import { describe, expect, it } from 'vitest'
import type { LevelRule } from '#contract/site'
import { levelOf } from '../../edge-agent/domain/alarmLevel.ts'

const minute = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const door = { level: 3 as const, kind: 'intrusion' as const, device: 'door-1', place: 'f1-w' }
const at = (rules: LevelRule[], clock: string, o: Partial<Parameters<typeof levelOf>[1]> = {}) =>
  levelOf(rules, { ...door, ...o }, minute(clock))

describe('the level that a site gives an alarm', () => {
  it('is that of the first rule that fits its kind, device, place and time of day', () => {
    const rules: LevelRule[] = [
      { kinds: ['intrusion'], places: ['f1-w'], from: '22:00', to: '06:00', level: 2 },
      { devices: ['door-1'], level: 4 },
    ]
    expect(['21:59', '22:00', '00:00', '05:59', '06:00'].map(c => at(rules, c))).toEqual([4, 2, 2, 2, 4])
    expect(at(rules, '23:00', { place: 'f2-w' })).toBe(4)
    expect(at(rules, '23:00', { device: null, place: null, kind: 'system' })).toBe(3)
    expect(at([{ kinds: ['intrusion'], from: '08:00', to: '18:00', level: 4 }], '12:00')).toBe(4)
  })
  it('never makes less of danger to life, and makes no fire of anything by its kind', () => {
    const rules: LevelRule[] = [{ level: 4 }]
    expect(at(rules, '12:00', { level: 1 })).toBe(1)
    expect(at(rules, '12:00', { kind: 'fire', level: 2 })).toBe(2)
  })
})
