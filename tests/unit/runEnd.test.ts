import { describe, expect, it } from 'vitest'
import { chargedEnd } from '../../console/subjects/overtime/arithmetic/runEnd.ts'

const min = 60_000
describe('where a run ends for what is charged', () => {
  const table: [string, number, number | null, number][] = [
    ['as its agent says, where it tells no length', 60 * min, null, 60 * min],
    ['as its agent says, where both agree', 60 * min, 60 * min, 60 * min],
    ['as its agent says, within 2 s and 1 %', 60 * min, 60 * min - 37_000, 60 * min],
    ['after what it really lasted, where the clock was put ahead', 180 * min, 60 * min, 60 * min],
    ['after what it really lasted, just beyond the tolerance', 60 * min, 60 * min - 38_000, 60 * min - 38_000],
    ['as its agent says, where the clock was put back', 10 * min, 60 * min, 10 * min],
  ]
  for (const [what, wall, lastedMs, end] of table)
    it(what, () => expect(chargedEnd({ from: 1000, to: 1000 + wall, lastedMs })).toBe(1000 + end))
})
