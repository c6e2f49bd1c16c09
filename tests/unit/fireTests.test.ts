import { expect, it } from 'vitest'
import { longestTestMs } from '#contract/priority'
import type { Site } from '#contract/site'
import { FireTests } from '../../edge-agent/control/fireTests.ts'

const by = (id: string) => ({ id, what: { zh: id, en: id } })
const site = { timeZone: 'UTC', compartments: [{ id: 'a', name: { zh: '甲', en: 'A' } }] } as unknown as Site
const tests = () => {
  const standing = new Map<string, string>()
  const t = new FireTests(
    {
      site,
      setAlarm: (alarm, active) => {
        if (active && standing.has(alarm.key)) return []
        if (active) standing.set(alarm.key, alarm.name.en)
        else standing.delete(alarm.key)
        return []
      },
    },
    new Map(),
  )
  return { t, standing }
}

it('a test stands under the name and end of whoever began it last, and ends', () => {
  const { t, standing } = tests()
  t.begin('a', by('Zhao'), 3_600_000, 0)
  t.begin('a', by('Wang'), 7_200_000, 0)
  expect([...standing.values()]).toEqual(['A: under test, a fire sets nothing going, until 02:00 (Wang)'])
  expect(t.over(7_199_999)).toEqual([])
  expect(t.over(7_200_000).map(([id]) => id)).toEqual(['a'])
  expect(t.end('a')).toEqual([{ forget: 'test', key: 'a' }])
  expect(standing.size).toBe(0)
  expect(t.end('a')).toEqual([])
})

it('an end that is past or too far away is refused by name', () => {
  const { t } = tests()
  expect(t.begin('a', by('Zhao'), 5, 5)).toBe('end-in-the-past')
  expect(t.begin('a', by('Zhao'), longestTestMs + 6, 5)).toBe('hold-too-long')
  expect(Array.isArray(t.begin('a', by('Zhao'), longestTestMs + 5, 5))).toBe(true)
})

it('what would have been done is told once each time the rule is met', () => {
  const { t } = tests()
  expect(t.withhold('a')).toEqual([])
  t.begin('a', by('Zhao'), 1000, 0)
  expect(t.calm('a')).toEqual([])
  expect(t.withhold('a')).toHaveLength(1)
  expect(t.withhold('a')).toEqual([])
  expect(t.calm('a')).toHaveLength(1)
  expect(t.withhold('a')).toHaveLength(1)
})
