import { expect, it } from 'vitest'
import { faultCampaign } from '../campaigns/faults.ts'

/** Whether it is good again in time says the whole campaign (`npm run campaign faults`). */
it('twelve faults of the wire: no value that was never served is called good, each has its name, good data comes back', async () => {
  const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_122)
  const figures = await faultCampaign({ faults: 12, seed, slack: 3 })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.trouble).toEqual([])
  expect(figures.faults).toBe(12)
})
