import { expect, it } from 'vitest'
import { emergencyCampaign } from '../campaigns/emergencies.ts'

it('the console is killed in the midst of emergencies: clocks, steps and calls go on where they were, no message forgotten, none twice but for what was on its way', async () => {
  const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_124)
  const figures = await emergencyCampaign({ kills: 4, seed })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.trouble).toEqual([])
  expect(figures.messages).toBeGreaterThan(0)
})
