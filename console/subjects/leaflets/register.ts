import { anyContact, anyPhone, longField, ownSignature, textField } from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'

/** What salespeople leave: they are not turned away, and their material is kept whole until the manager has it. R2 (000 §4.1.4.3(2)). */
export const leafletRegister: Register = {
  id: 'leaflet-register',
  prefix: 'TX',
  name: { zh: '推销材料登记', en: "Register of salespeople's material" },
  purpose: {
    zh: '推销、宣传材料统一收下登记，每月送部门经理，不直接转给客户',
    en: 'Leaflets are taken in and written down, sent to the manager monthly, and not passed on to customers',
  },
  source: 'R2, T6 (000 §4.1.4.3)',
  fields: [
    textField('company', { zh: '推销单位', en: 'Company' }),
    anyContact,
    anyPhone,
    longField('material', { zh: '材料名称、份数', en: 'Material and copies' }, 300),
  ],
  about: 'material',
  life: {
    open: { zh: '前台留存', en: 'At the desk' },
    closed: { zh: '已送经理', en: 'With the manager' },
    closes: {
      label: { zh: '送交客户服务部经理', en: 'Hand to the Customer Service Manager' },
      by: ['front-desk', 'supervisor'],
      asks: [ownSignature],
    },
    tells: ['front-desk'],
  },
  writes: ['front-desk', 'supervisor'],
  sees: ['front-desk', 'supervisor', 'manager', 'general-manager'],
  reads: [],
  checks: [],
}
