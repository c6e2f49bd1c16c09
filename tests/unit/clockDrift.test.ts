import { expect, it } from 'vitest'
import { type Drift, judgeClock, noDrift } from '../../edge-agent/domain/clockDrift.ts'

const judge = (drifts: number[], before: Drift = noDrift) =>
  drifts.reduce((d, ms) => judgeClock(1000, d, 50_000 + ms, 50_000), before)

it('one late reading is no wrong clock, three in a row are', () => {
  expect(judge([1500, 1500])).toMatchObject({ off: false, ms: 1500 })
  expect(judge([1500, 1500, 0, 1500, 1500])).toMatchObject({ off: false })
  expect(judge([1500, -1500, 1500])).toMatchObject({ off: true })
})

it('it is right again well within the limit only, and after three readings', () => {
  const off = judge([1500, 1500, 1500])
  expect(judge([900, 900, 900, 900], off).off).toBe(true)
  expect(judge([700, 700], off).off).toBe(true)
  expect(judge([700, 700, 700], off).off).toBe(false)
})
