import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

/** No manual names it: whoever has changed something has time to look before it ends by itself. */
export const remindBefore = setting({
  key: 'override-remind-before',
  name: {
    zh: '手动、搁置、停用到期前提醒设的人',
    en: 'Whoever holds, shelves or takes out of service is reminded before it ends',
  },
  source: 'ISA-18.2 / IEC 62682',
  unit: 'min',
  schema: z.number().int().min(1).max(1440).nullable(),
  default: 10,
})
