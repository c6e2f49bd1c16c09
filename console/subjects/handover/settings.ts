import { z } from 'zod'
import { setting, words } from '../../server/site/settings.ts'

export const handoverGoods = setting({
  key: 'handover-goods',
  name: { zh: '交接时当面验清的物品（顿号分隔）', en: 'Goods checked face to face at handover (separated by 、)' },
  source: 'R61 (2b 1.3)',
  unit: 'text',
  schema: words,
  default: '办公用品、通讯器材、资料、样板间钥匙',
})
export const handoverCarries = setting({
  key: 'handover-carries',
  name: { zh: '未完事项写明原因后可交班', en: 'Open matters may be handed over with their reason' },
  source: 'C8',
  unit: 'flag',
  schema: z.boolean(),
  default: true,
})
