import { choiceField, dateField, longField, optional, phone, textField } from '../../server/engine/fields.ts'
import type { ThingKind } from '../../server/engine/things/thing.ts'

/** Firms that look after something here, and whom to call: R74 (000 §3.1.11; 001 daily 2; 003 F). */
export const contractorKind: ThingKind = {
  id: 'contractor',
  name: { zh: '服务分包商、维保单位', en: 'Contractors' },
  source: 'R74 (000 §3.1.11; 001 daily 2)',
  fields: [
    textField('firm', { zh: '单位', en: 'Firm' }, 80),
    choiceField(
      'trade',
      { zh: '负责什么', en: 'Looks after' },
      {
        lifts: { zh: '电梯', en: 'Lifts' },
        access: { zh: '门禁、车场道闸、监控', en: 'Access, car-park barriers, CCTV' },
        doors: { zh: '防盗门、防火门', en: 'Security and fire doors' },
        network: { zh: '宽带、网络、电话', en: 'Broadband, network, telephone' },
        environment: { zh: '保洁、绿化、花木租摆', en: 'Cleaning, greening, plants' },
        other: { zh: '其他', en: 'Other' },
      },
    ),
    optional(textField('contact', { zh: '联系人', en: 'Contact' }, 40)),
    phone,
    optional(longField('supplied', { zh: '我方提供的材料、约定', en: 'What we supply, what was agreed' }, 300)),
    optional(dateField('until', { zh: '合同到期', en: 'Agreement until' })),
  ],
  code: 'firm',
  shown: [],
  keeps: ['supervisor', 'manager'],
  sees: ['front-desk', 'supervisor', 'engineer', 'guard', 'operator', 'manager', 'general-manager', 'finance'],
}
