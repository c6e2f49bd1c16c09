import { expect, it } from 'vitest'
import { alarmCampaign } from '../campaigns/alarms.ts'

it('the console is killed in a storm of alarms: none lost, none twice, each with its own return and its count', async () => {
  const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_130)
  const figures = await alarmCampaign({ transitions: 1500, kills: 1, seed })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  expect(figures.trouble).toEqual([])
})
