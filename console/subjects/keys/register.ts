import { z } from 'zod'
import {
  choiceField,
  contact,
  longField,
  optional,
  ownSignature,
  textField,
  thingField,
  timeField,
} from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'
import type { ThingKind } from '../../server/engine/things/thing.ts'

const outcome = choiceField(
  'outcome',
  { zh: '结果', en: 'Outcome' },
  { returned: { zh: '已收回', en: 'came back' }, lost: { zh: '遗失（停用这把钥匙）', en: 'lost (take the key out of use)' } },
)
const spare = choiceField(
  'spare',
  { zh: '用途', en: 'Set' },
  {
    daily: { zh: '日常用', en: 'for daily use' },
    // 002 §4.5.5: of every kind one set stays here.
    reserve: { zh: '紧急备用', en: 'emergency spare' },
  },
)

/** Keys in custody: R50 (002 §4.5.2, 4.5.3): four classes, an owner's of five kinds, labelled by floor or by plant. */
export const keyKind: ThingKind = {
  id: 'key',
  name: { zh: '钥匙', en: 'Key' },
  source: 'R50 (002 §4.5)',
  fields: [
    textField('label', { zh: '钥匙牌', en: 'Label' }, 40),
    choiceField(
      'class',
      { zh: '分类', en: 'Class' },
      {
        owner: { zh: '业主（住户）', en: "Owner's" },
        public: { zh: '公共门窗', en: 'Public doors and windows' },
        plant: { zh: '设备房', en: 'Plant room' },
        'water-meter': { zh: '水表箱', en: 'Water-meter box' },
      },
    ),
    {
      ...optional(
        choiceField(
          'kind',
          { zh: '业主钥匙种类', en: "Kind of owner's key" },
          {
            security: { zh: '防盗门', en: 'Security door' },
            inner: { zh: '室内门', en: 'Inner door' },
            intercom: { zh: '电子对讲门', en: 'Intercom door' },
            'water-meter': { zh: '水表箱', en: 'Water-meter box' },
            mailbox: { zh: '信箱', en: 'Mailbox' },
          },
        ),
      ),
      requiredWhen: { field: 'class', is: ['owner'] },
    },
    textField('place', { zh: '楼层、设备或房号', en: 'Floor, plant or room' }),
    spare,
  ],
  code: 'label',
  shown: ['place'],
  keeps: ['front-desk', 'supervisor'],
  sees: ['front-desk', 'supervisor', 'guard', 'engineer', 'operator', 'manager', 'general-manager'],
}

/**
 * 《钥匙借返登记》: R50 (002 §4.5.5; 001 daily 4). Nobody borrows one as a private person, a key is lent once at a time, and one
 * identity card holds one key ("身份证一片钥匙"). The rules 《鑰匙借返管理制度》 themselves are not given.
 */
export const keyRegister: Register = {
  id: 'key-register',
  prefix: 'JY',
  name: { zh: '钥匙借返登记', en: 'Key register' },
  purpose: {
    zh: '钥匙按类别借还：一证一把，到期未还要催',
    en: 'Keys lent and returned by class: one to a document, and chased when overdue',
  },
  source: 'R50 (002 §4.5; 001 daily 4)',
  fields: [
    thingField('key', { zh: '钥匙', en: 'Key' }, 'key'),
    { ...contact, label: { zh: '借用人', en: 'Borrower' } },
    textField('department', { zh: '部门或单位', en: 'Department or company' }),
    {
      ...textField('card', { zh: '身份证号', en: 'Identity card' }, 30),
      // However it is typed, it is one card.
      schema: z
        .string()
        .transform(v => v.replaceAll(/\s/g, '').toUpperCase())
        .pipe(z.string().min(1).max(30)),
      personal: true as const,
      sees: ['front-desk', 'supervisor'] as const,
    },
    longField('work', { zh: '工作事由', en: 'For which work' }, 300),
    timeField('due', { zh: '应还时间', en: 'Due back' }),
    optional(longField('unforeseen', { zh: '紧急情况（动用备用钥匙时必填）', en: 'Emergency (needed for a spare key)' }, 300)),
  ],
  about: 'key',
  life: {
    alone: ['key', 'card'],
    due: { field: 'due' },
    open: { zh: '借出', en: 'Out' },
    closed: { zh: '了结', en: 'Closed' },
    closes: {
      label: { zh: '了结', en: 'Close' },
      by: ['front-desk', 'supervisor'],
      asks: [outcome, ownSignature],
      gone: { field: 'outcome', is: ['lost'] },
    },
    tells: ['front-desk', 'supervisor'],
  },
  rules: [
    {
      source: 'R50',
      field: 'due',
      must: { left: { field: 'due' }, is: '>', right: { now: true } },
      say: { zh: '应还时间要晚于现在', en: 'it must be due later than now' },
    },
  ],
  writes: ['front-desk', 'supervisor'],
  sees: ['front-desk', 'supervisor', 'guard', 'operator', 'manager', 'general-manager'],
  reads: [],
  checks: [],
}
