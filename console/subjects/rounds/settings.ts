import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const roundsPerWorkday = setting({
  key: 'rounds-per-workday',
  name: { zh: '客户区域每个工作日至少巡视几次', en: 'Rounds of the customer areas on a workday, at least' },
  source: 'R59, T63',
  unit: 'count',
  schema: z.number().int().min(1).max(24),
  default: 2,
})
