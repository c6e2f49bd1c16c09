import type { Role } from '#api/rights'
import { choiceField, dateField, longField, moneyField, optional, textField } from '../../server/engine/fields.ts'
import type { ThingKind } from '../../server/engine/things/thing.ts'

const everyDesk: readonly Role[] = [
  ...(['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager', 'finance'] as const),
]

/**
 * 《服务项目收费标准》 and the explanations that go with it: what is charged, how it is worked out, who serves it. R7 (000 §3.2.8, 3.2.10,
 * 3.2.11; 003). No amounts are the manual's: each is the site's own.
 */
export const priceItems: ThingKind = {
  id: 'price-item',
  name: { zh: '收费与服务说明', en: 'Fees and services explained' },
  source: 'R7 (000 §3.2.8, 3.2.10, 3.2.11)',
  fields: [
    textField('name', { zh: '项目', en: 'Item' }, 60),
    choiceField(
      'kind',
      { zh: '类别', en: 'Kind' },
      {
        fee: { zh: '管理费、能源费', en: 'Management or energy fee' },
        paid: { zh: '有偿服务', en: 'Paid service' },
        free: { zh: '免费服务', en: 'Free service' },
        procedure: { zh: '办理手续', en: 'Formalities' },
      },
    ),
    optional(moneyField('price', { zh: '价格', en: 'Price' })),
    optional(textField('unit', { zh: '计价单位', en: 'Per' }, 40)),
    longField('explained', { zh: '说明（依据、计算、时限、找谁）', en: 'Explained: basis, reckoning, time, who' }),
    optional(dateField('validFrom', { zh: '执行日期', en: 'In force from' })),
    {
      ...optional(moneyField('nextPrice', { zh: '下次调价为', en: 'Next price' })),
      requiredWhen: { field: 'nextFrom', filled: true },
    },
    {
      ...optional(dateField('nextFrom', { zh: '调价日期', en: 'Next price from' })),
      requiredWhen: { field: 'nextPrice', filled: true },
    },
  ],
  code: 'name',
  shown: ['unit'],
  keeps: ['supervisor', 'manager'],
  sees: everyDesk,
}
