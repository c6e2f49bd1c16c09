import { anyContact, anyPhone, anyPlace, longField, optional, orWorded, timeField } from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'

/**
 * 《住戶報修記錄表》: R46 (002 §4.2). Each order of a resident is written down at once; when the work is done the 《維修任務單》 comes back, and
 * that is written beside it.
 */
export const repairRecord: Register = {
  id: 'repair-record',
  prefix: 'BX',
  name: { zh: '住户报修记录表', en: "Residents' repair record" },
  purpose: {
    zh: '住户报修当即登记；修好后收回《维修任务单》，注明完成时间',
    en: "Residents' orders are written down at once; when the task sheet comes back, the time of completion is put beside them",
  },
  source: 'R46 (002 §4.2)',
  fields: [
    orWorded(longField('matter', { zh: '报修内容', en: 'What is wrong' })),
    anyPlace,
    orWorded(anyContact),
    anyPhone,
    optional(timeField('appointment', { zh: '预约时间', en: 'Appointment' })),
  ],
  life: {
    open: { zh: '任务单未收回', en: 'Task sheet out' },
    closed: { zh: '已完成维修', en: 'Repair completed' },
    closes: {
      label: { zh: '收回《维修任务单》', en: 'Task sheet returned' },
      by: ['front-desk', 'supervisor'],
      asks: [timeField('completed', { zh: '完成维修时间', en: 'Completed at' })],
      afterCase: true,
    },
    tells: ['front-desk'],
  },
  writes: ['front-desk', 'supervisor'],
  sees: ['operator', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
  reads: [],
  checks: [],
}
