import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const formsBeforeEntry = setting({
  key: 'entry-forms-before',
  name: { zh: '入驻登记表在入驻日下班前多久收齐', en: "Entry forms collected so long before the entry day's close of service" },
  source: 'R11, T8',
  unit: 'min',
  schema: z.number().int().min(0).max(525_600).nullable(),
  default: null,
  // "入驻前或入驻当日收回": by the end of the day itself.
  presets: { office: 0 },
})
