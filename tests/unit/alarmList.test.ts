import { describe, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { arranged, nextToAcknowledge } from '../../console/web/src/alarms/arrangement.ts'
import { inSight } from '../../console/web/src/alarms/inSight.ts'
import type { AlarmRow } from '../../console/web/src/state/alarmOrder.ts'

const row = (id: string, ackedAt: number | null = null): AlarmRow => ({
  alarm: { id, ackedAt, first: id } as Alarm,
  under: null,
  suspended: 0,
})
const ids = (rows: readonly AlarmRow[]) => rows.map(r => r.alarm.id).join('')
const list = (text: string) => [...text].map(c => (c === c.toUpperCase() ? row(c.toLowerCase(), 1) : row(c)))
const none = () => false

describe('a list of alarms in which somebody works', () => {
  it('keeps every row in its place, with what has become of its alarm, and says what is new', () => {
    const { rows, waiting } = arranged(list('abc'), list('xcBa'), true)
    expect(ids(rows)).toBe('abc')
    expect(rows[1]?.alarm.ackedAt).toBe(1)
    expect(ids(waiting)).toBe('x')
  })
  it('keeps the place of an alarm that is over', () => {
    expect(ids(arranged(list('abc'), list('ac'), true).rows)).toBe('abc')
  })
  it('puts a repeat where the alarm was that it goes on with, and shows what was set aside meanwhile as that', () => {
    const repeat = { ...row('x'), alarm: { ...row('x').alarm, first: 'b' } }
    const { rows, waiting } = arranged(list('abc'), [repeat, ...list('ac')], true)
    expect([ids(rows), ids(waiting)]).toEqual(['axc', ''])
    const shelved = { ...row('b').alarm, suppressed: { kind: 'shelved' } } as Alarm
    expect(arranged(list('abc'), list('ac'), true, id => (id === 'b' ? shelved : undefined)).rows[1]?.alarm).toBe(shelved)
  })
  it('is in order again when it is let go', () => {
    expect(arranged(list('abc'), list('xca'), false)).toEqual({ rows: list('xca'), waiting: [] })
  })
})

describe('after an acknowledgement', () => {
  it('the next one below that nobody has acknowledged is next', () => {
    expect(nextToAcknowledge(list('aBCd'), 'a', none)).toBe('d')
    expect(nextToAcknowledge(list('abcd'), 'a', id => id === 'b')).toBe('c')
  })
  it('it is the first above when none is below, and none when all are done', () => {
    expect(nextToAcknowledge(list('AbcD'), 'c', none)).toBe('b')
    expect(nextToAcknowledge(list('ABC'), 'b', none)).toBeUndefined()
    expect(nextToAcknowledge(list('ab'), 'gone', none)).toBe('a')
  })
})

describe('of a long list', () => {
  const sight = (top: number, count = 2000) => inSight({ count, rowHeight: 42, top, height: 840 })
  it('all that is in sight is drawn, and little else, wherever it is scrolled to', () => {
    for (let top = 0; top <= 2000 * 42 - 840; top += 17) {
      const { first, end } = sight(top)
      expect(first * 42).toBeLessThanOrEqual(top)
      expect(end * 42).toBeGreaterThanOrEqual(Math.min(top + 840, 2000 * 42))
      expect(end - first).toBeLessThanOrEqual(40)
    }
  })
  it('that is short, or has become short while it was scrolled, all rows are real ones', () => {
    expect(sight(0, 0)).toEqual({ first: 0, end: 0 })
    expect(sight(0, 3)).toEqual({ first: 0, end: 3 })
    expect(sight(42_000, 5).end).toBe(5)
  })
})
