import { percent, setting } from '../../server/site/settings.ts'

export const recordCheckShare = setting({
  key: 'record-check-share',
  name: { zh: '值班记录每月抽查', en: 'Duty records checked each month' },
  source: 'T72',
  unit: '%',
  schema: percent,
  default: null,
  presets: { apartments: 20 },
})
