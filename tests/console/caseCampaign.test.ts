import { expect, it } from 'vitest'
import { caseCampaign } from '../campaigns/cases.ts'

it('the console is killed while people take steps: each case in one state, each effect once, no number left out', async () => {
  const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_122)
  const figures = await caseCampaign({ kills: 8, seed })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.trouble).toEqual([])
  expect(figures.unanswered).toBeGreaterThan(0)
})
