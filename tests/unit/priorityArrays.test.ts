import { expect, it } from 'vitest'
import type { PointRef } from '#contract/names'
import { type Cause, type Holder, level } from '#contract/priority'
import type { Scalar } from '#contract/quality'
import { PriorityArrays } from '../../edge-agent/control/priorityArrays.ts'

const cause = (id: string): Cause => ({ id, what: { zh: id, en: id } })
const holder = (at: number, value: Scalar, more: Partial<Holder> = {}): Holder => ({
  level: at,
  value,
  causes: [cause('a')],
  since: 0,
  until: null,
  ...more,
})
const arrays = () => new PriorityArrays(new Map<PointRef, Scalar>([['d/p', false]]), new Map())

it('levels that are given again as they stand are no change; a value, an end or a cause that differs is one', () => {
  const a = arrays()
  const put = (h: Holder) => a.putLevels('d/p', [level.schedule], [h]).length
  expect(put(holder(level.schedule, true))).toBe(1)
  expect(put(holder(level.schedule, true))).toBe(0)
  expect(put(holder(level.schedule, false))).toBe(1)
  expect(put(holder(level.schedule, false, { until: 5 }))).toBe(1)
  expect(put(holder(level.schedule, false, { until: 5, causes: [cause('b')] }))).toBe(1)
  expect(put(holder(level.schedule, false, { until: 5, causes: [cause('b')] }))).toBe(0)
  expect(a.putLevels('d/p', [level.schedule], [])).toEqual([{ forget: 'holder', key: 'd/p' }])
})

it('the soonest end is that of any entry, and what has ended is found at its very moment', () => {
  const a = arrays()
  expect(a.soonestEnd).toBe(Infinity)
  a.put('d/p', holder(level.operator, true, { until: 50 }))
  a.put('d/p', holder(level.schedule, true, { until: 20 }))
  expect(a.soonestEnd).toBe(20)
  expect(a.expired(19)).toEqual([])
  expect(a.expired(20).map(e => e.holder.level)).toEqual([level.schedule])
  a.clear('d/p', level.schedule)
  expect(a.soonestEnd).toBe(50)
})

it('what changes is news for whoever shows it; clearing what is not there changes nothing', () => {
  const a = arrays()
  expect(a.clear('d/p', level.schedule)).toEqual([])
  expect([...a.news]).toEqual([])
  a.put('d/p', holder(level.schedule, true))
  expect([...a.news]).toEqual(['d/p'])
})
