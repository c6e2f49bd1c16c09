import { describe, expect, it } from 'vitest'
import type { Alarm } from '#api/models/live'
import { byUrgency, countsByLevel, leadAlarm } from '../../console/web/src/state/alarmOrder.ts'

const minute = 60_000
const alarm = (id: string, level: Alarm['level'], raisedAt: number, over: Partial<Alarm> = {}): Alarm => ({
  id,
  source: 'agent',
  recorded: true,
  key: id,
  level,
  kind: 'fire',
  device: null,
  point: null,
  place: null,
  name: { zh: id, en: id },
  raisedAt,
  value: true,
  limit: true,
  unverifiedSince: null,
  returnedAt: null,
  ackedAt: null,
  ackedBy: null,
  owner: null,
  notes: [],
  ticket: null,
  ...{ first: id, times: 1, rings: 1, latched: false, chatters: 0, suppressed: null, continuedBy: null },
  ...over,
})
const returned = { returnedAt: 100 * minute }
const acked = { ackedAt: 100 * minute, ackedBy: 'x' }
const ids = (list: Alarm[]) => list.toSorted(byUrgency).map(a => a.id)

describe('what stands first among the alarms', () => {
  it('a returned fire hides neither an active forced door nor a lost agent', () => {
    const fire = alarm('fire', 1, 3 * minute, returned)
    const door = alarm('door', 2, minute)
    const agent = alarm('agent', 2, 2 * minute)
    expect(ids([fire, door, agent])).toEqual(['agent', 'door', 'fire'])
    expect(leadAlarm([fire, door, agent])?.id).toBe('agent')
  })

  it('a returned fire that nobody has acknowledged stands before all that is active below level 2', () => {
    const list = [alarm('trip', 3, 9 * minute), alarm('hint', 4, 9 * minute), alarm('fire', 1, minute, returned)]
    expect(ids(list)).toEqual(['fire', 'trip', 'hint'])
  })

  it('the four groups in their order, by level and then the newest first within each', () => {
    const list = [
      alarm('returned-2', 2, 8 * minute, returned),
      alarm('gone-1', 1, 9 * minute, { ...returned, ...acked }),
      alarm('active-4', 4, 9 * minute),
      alarm('active-3-old', 3, minute),
      alarm('active-3-new', 3, 2 * minute),
      alarm('returned-1', 1, 9 * minute, returned),
      alarm('active-2-acked', 2, 4 * minute, acked),
      alarm('active-2', 2, 3 * minute),
      alarm('active-1', 1, minute),
    ]
    expect(ids(list)).toEqual([
      'active-1',
      'active-2-acked',
      'active-2',
      'returned-1',
      'active-3-new',
      'active-3-old',
      'active-4',
      'gone-1',
      'returned-2',
    ])
  })

  it('the order does not depend on the order in which alarms came', () => {
    const list = [alarm('a', 2, minute), alarm('b', 2, minute), alarm('c', 2, minute)]
    expect(ids(list)).toEqual(ids(list.toReversed()))
  })

  it('the bar leads with what somebody has still to acknowledge', () => {
    expect(leadAlarm([alarm('seen', 1, minute, acked), alarm('new', 4, minute)])?.id).toBe('new')
    expect(leadAlarm([alarm('seen', 1, minute, acked)])).toBeUndefined()
  })
})

it('counts per level tell what goes on from what has returned, and leave out what is over', () => {
  const list = [
    alarm('a', 1, 1),
    alarm('b', 1, 1, acked),
    alarm('c', 1, 1, returned),
    alarm('d', 3, 1, returned),
    alarm('e', 4, 1, { ...returned, ...acked }),
  ]
  expect(countsByLevel(list)).toEqual([
    { level: 1, active: 2, unacked: 1, returned: 1 },
    { level: 2, active: 0, unacked: 0, returned: 0 },
    { level: 3, active: 0, unacked: 0, returned: 1 },
    { level: 4, active: 0, unacked: 0, returned: 0 },
  ])
})
