import { expect, it } from 'vitest'
import { killCampaign } from '../campaigns/kills.ts'

it('six kills at random moments, and signed-in people who do their worst: every record once, in order, none invented; what stood still stands', async () => {
  const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_122)
  const figures = await killCampaign({ kills: 6, seed })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.trouble).toEqual([])
  expect(figures.records).toBeGreaterThan(50)
  expect(figures.misdeeds).toBeGreaterThan(50)
})
