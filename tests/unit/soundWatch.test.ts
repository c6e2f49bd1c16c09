import { expect, it } from 'vitest'
import { openSoundWatch } from '../../console/subjects/alarms/soundWatch.ts'

const min = 60_000
it('no station with sound for two minutes is said, one is enough, and the count begins anew', () => {
  const watch = openSoundWatch(0)
  expect(watch.isSilent(0, 2 * min - 1, 2 * min)).toBe(false)
  expect(watch.isSilent(0, 2 * min, 2 * min)).toBe(true)
  expect(watch.isSilent(1, 3 * min, 2 * min)).toBe(false)
  expect(watch.isSilent(0, 4 * min, 2 * min)).toBe(false)
  expect(watch.isSilent(0, 6 * min, 2 * min)).toBe(true)
  expect(watch.isSilent(0, 60 * min, null)).toBe(false)
})
