import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

/** At least twice a year (002 §4.4.2); in which months the manual leaves open. */
export const archiveCheckMonths = setting({
  key: 'archive-check-months',
  name: { zh: '档案检查在哪几个月（每年至少二次）', en: 'Months of the archive check (at least two a year)' },
  source: 'R52, T59',
  unit: 'text',
  schema: z.string().regex(/^([1-9]|1[0-2])([,，、 ]+([1-9]|1[0-2]))+$/),
  default: '6,12',
})
