import { choiceField, longField, optional, textField } from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'

const state = { good: { zh: '正常', en: 'in order' }, bad: { zh: '有问题', en: 'something is wrong' } } as const

/** 《工作质量检查表》: R59 (000 §5.1.2). Customer areas, hygiene and engineering; what is found goes to its department at once, important ones to the manager. */
export const areaRounds: Register = {
  id: 'area-rounds',
  prefix: 'XL',
  name: { zh: '工作质量检查表', en: 'Rounds of the customer areas' },
  purpose: {
    zh: '每个工作日巡视客户区域：卫生、工程状况；发现问题立即转部门，可直接开单',
    en: 'The customer areas, hygiene and engineering, on every workday; what is found goes to its department at once, by an order from here',
  },
  source: 'R59 (000 §5.1.2)',
  fields: [
    textField('area', { zh: '巡视区域', en: 'Areas' }, 120),
    choiceField('hygiene', { zh: '卫生', en: 'Hygiene' }, state),
    choiceField('engineering', { zh: '工程设施', en: 'Engineering' }, state),
    {
      ...optional(longField('matter', { zh: '问题与处理', en: 'What was wrong and done' }, 500)),
      requiredWhen: {
        any: [
          { field: 'hygiene', is: ['bad'] },
          { field: 'engineering', is: ['bad'] },
        ],
      },
    },
  ],
  about: 'area',
  leadsTo: ['work-order'],
  writes: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
  sees: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
  reads: [],
  checks: [],
}
