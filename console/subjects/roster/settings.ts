import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const holidayDuty = setting({
  key: 'holiday-duty',
  name: { zh: '法定节假日日班值班人数', en: 'On duty by day on statutory holidays, at least' },
  source: 'T69',
  unit: 'count',
  schema: z.number().int().min(1).max(50).nullable(),
  default: null,
})
