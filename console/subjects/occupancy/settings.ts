import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const vacantCleanDays = setting({
  key: 'vacant-clean-days',
  name: { zh: '空置房每多少天全面清洁一次', en: 'Days between two full cleans of a vacant room' },
  source: 'R58, T62 (000 §3.3.2)',
  unit: 'count',
  schema: z.number().int().min(1).max(366),
  default: 30,
})
