import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const moveOutDays = setting({
  key: 'move-out-days-ahead',
  name: { zh: '退租至少提前几天提出', en: 'Moving out said so many days ahead' },
  source: 'R16, T11',
  unit: 'count',
  schema: z.number().int().min(0).max(180).nullable(),
  default: null,
  // "提前二周".
  presets: { office: 14 },
})
