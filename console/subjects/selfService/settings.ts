import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

/** No manual knows it. Whoever wants no reports by door plate says none: the plates then open nothing. */
export const doorReportsPerHour = setting({
  key: 'door-reports-per-hour',
  name: { zh: '门牌扫码报修，每个门牌每小时最多', en: 'Reports by a door plate, for each plate and hour at most' },
  source: 'R45',
  unit: 'count',
  schema: z.number().int().min(1).max(60).nullable(),
  default: 6,
})
