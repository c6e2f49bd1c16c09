import { mutantCampaign } from '../mutants/mutants.ts'
import { alarmCampaign } from './alarms.ts'
import { caseCampaign } from './cases.ts'
import { emergencyCampaign } from './emergencies.ts'
import { faultCampaign } from './faults.ts'
import { killCampaign } from './kills.ts'
import { monthCampaign } from './month.ts'
import { propertyCampaign } from './properties.ts'
import { ruleCampaign } from './rules.ts'

/** `npm run campaign NAME [COUNT] [SEED]`: the large runs, each printing its seed and figures. Exit code 1 on any trouble. */
const say = (line: string) => process.stdout.write(`${line}\n`)
const campaigns: Record<string, (count: number | undefined, seed: number) => Promise<{ trouble: string[] }>> = {
  kills: (count, seed) => killCampaign({ kills: count ?? 100, seed, say }),
  alarms: (count, seed) => alarmCampaign({ transitions: count ?? 10_000, kills: 3, seed, say }),
  cases: (count, seed) => caseCampaign({ kills: count ?? 100, seed, say }),
  emergencies: (count, seed) => emergencyCampaign({ kills: count ?? 100, seed, say }),
  month: (count, seed) => monthCampaign({ bookings: count ?? 500, services: 200, repairs: 300, moves: 40, seed, say }),
  mutants: (count, seed) => mutantCampaign({ ...(count === undefined ? {} : { count }), seed, say }),
  rules: count => ruleCampaign({ ...(count === undefined ? {} : { count }), say }),
  properties: async (count, seed) => propertyCampaign({ count: count ?? 10_000, seed }),
  faults: (count, seed) => {
    const only = process.env['ZHIBAN_FAULTS']
    return faultCampaign({ ...(count === undefined ? {} : { faults: count }), ...(only ? { only } : {}), seed, say })
  },
}
const [name = '', count, seedText] = process.argv.slice(2)
const campaign = campaigns[name]
if (!campaign) {
  process.stdout.write(`there is no campaign '${name}'; there are: ${Object.keys(campaigns).join(', ')}\n`)
  process.exit(2)
}
const seed = Number(seedText ?? Date.now() & 0x7fffffff)
process.stdout.write(`campaign ${name}, seed ${seed}\n`)
const figures = await campaign(count === undefined ? undefined : Number(count), seed)
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
process.exit(figures.trouble.length > 0 ? 1 : 0)
