import { z } from 'zod'
import { minutes, setting } from '../../server/site/settings.ts'

export const urgentResponse = setting({
  key: 'urgent-response',
  name: { zh: '急修到场时限', en: 'Urgent order: on the scene within' },
  source: 'C20',
  unit: 'min',
  schema: minutes,
  default: null,
})
export const repairVisitsWithOvertime = setting({
  key: 'repair-visits-with-overtime',
  name: { zh: '回访基数含超时空调单', en: 'Overtime orders count for the visit rate' },
  source: 'C41',
  unit: 'flag',
  schema: z.boolean(),
  default: false,
})
export const handoverBanSerious = setting({
  key: 'handover-ban-serious',
  name: { zh: '重大维修未完成不得交班', en: 'No handover while a serious repair is not done' },
  source: 'R61 (2b 2.4)',
  unit: 'flag',
  schema: z.boolean(),
  default: true,
})
// Orders that an alarm opens are marked urgent by themselves: a night without spare parts would never end.
export const handoverBanUrgent = setting({
  key: 'handover-ban-urgent',
  name: { zh: '急修未完成不得交班', en: 'No handover while an urgent repair is not done' },
  source: 'R61 (2b 2.4)',
  unit: 'flag',
  schema: z.boolean(),
  default: false,
})
export const repairRecordKept = setting({
  key: 'repair-record-kept',
  name: {
    zh: '住户报修自动记入《住户报修记录表》，收回任务单',
    en: "Residents' orders go into the repair record until the task sheet is back",
  },
  source: 'R46 (002 §4.2)',
  unit: 'flag',
  schema: z.boolean(),
  default: false,
  presets: { residential: true },
})
