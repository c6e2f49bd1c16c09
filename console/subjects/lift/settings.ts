import { z } from 'zod'
import { setting } from '../../server/site/settings.ts'

export const liftDaysAhead = setting({
  key: 'lift-days-ahead',
  name: { zh: '货梯至少提前几天申请', en: 'Goods lift applied for so many days ahead' },
  source: 'R43, T52',
  unit: 'count',
  schema: z.number().int().min(0).max(30).nullable(),
  default: null,
  presets: { office: 1 },
})
const clock = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d)?$/)
  .default('')
const rush = (key: string, zh: string, en: string) =>
  setting({ key, name: { zh, en }, source: 'R13, T9', unit: 'text', schema: clock, default: '' })
// The manual says "上下班高峰时间" and gives no hours: nothing holds until the site says them.
export const morningRushFrom = rush('moving-rush-morning-from', '上班高峰起（搬家避开）', 'Morning rush hour from (no moving)')
export const morningRushTo = rush('moving-rush-morning-to', '上班高峰止（搬家避开）', 'Morning rush hour to (no moving)')
export const eveningRushFrom = rush('moving-rush-evening-from', '下班高峰起（搬家避开）', 'Evening rush hour from (no moving)')
export const eveningRushTo = rush('moving-rush-evening-to', '下班高峰止（搬家避开）', 'Evening rush hour to (no moving)')
export const settings = [liftDaysAhead, morningRushFrom, morningRushTo, eveningRushFrom, eveningRushTo]
