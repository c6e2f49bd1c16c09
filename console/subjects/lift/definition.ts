import { procedure } from '../../server/engine/definition.ts'
import {
  address,
  byStep,
  choiceField,
  contact,
  longField,
  optional,
  ownSignature,
  phone,
  reason,
  textField,
  thingField,
  timeField,
} from '../../server/engine/fields.ts'
import type { Rule, Test } from '../../server/engine/rules.ts'
import type { ThingKind } from '../../server/engine/things/thing.ts'
import { noticeDays, type Setting } from '../../server/site/settings.ts'
import { eveningRushFrom, eveningRushTo, liftDaysAhead, morningRushFrom, morningRushTo } from './settings.ts'

/** Lifts that goods go by. 000 §4.2.4.3(1): furniture goes by the fire lift alone. */
export const liftKind: ThingKind = {
  id: 'lift',
  name: { zh: '货梯', en: 'Goods lift' },
  source: 'R13, R43 (000 §4.2.4.3, 4.9.4.4)',
  fields: [
    textField('name', { zh: '名称', en: 'Name' }, 40),
    choiceField(
      'kind',
      { zh: '种类', en: 'Kind' },
      { goods: { zh: '货梯', en: 'Goods lift' }, fire: { zh: '消防电梯', en: 'Fire lift' } },
    ),
    optional(textField('load', { zh: '载重、尺寸', en: 'Load and size' })),
  ],
  code: 'name',
  shown: [],
  keeps: ['supervisor', 'engineer', 'manager'],
  sees: ['front-desk', 'supervisor', 'engineer', 'guard', 'operator', 'manager', 'general-manager'],
}

/** Not within these hours of the day, wherever the site has said them. */
const outside = (from: Setting, to: Setting): Test => ({
  any: [
    { left: { clockOf: { field: 'to' } }, is: '<=', right: { setting: from } },
    { left: { clockOf: { field: 'from' } }, is: '>=', right: { setting: to } },
  ],
})
const moving = { field: 'what', is: ['moving'] } as const
const rules: readonly Rule[] = [
  {
    source: 'R43',
    field: 'to',
    must: { left: { field: 'to' }, is: '>', right: { field: 'from' } },
    say: { zh: '结束要晚于开始', en: 'it must end after it begins' },
  },
  {
    source: 'R43',
    field: 'to',
    must: { left: { dateOf: { field: 'to' } }, is: '=', right: { dateOf: { field: 'from' } } },
    say: { zh: '一张申请只用一天，跨天请另填一张', en: 'one application is for one day: write another for the next' },
  },
  {
    source: 'R43, T52 (000 §4.9.4.4)',
    field: 'from',
    must: {
      left: { dateOf: { field: 'from' } },
      is: '>=',
      right: { of: { today: true }, plus: { days: liftDaysAhead, counted: noticeDays } },
    },
    say: { zh: '应提前申请：使用日期太近', en: 'to be applied for ahead: this day is too near' },
  },
  {
    source: 'R13, T9 (000 §4.2.4.3)',
    field: 'from',
    when: moving,
    must: { all: [outside(morningRushFrom, morningRushTo), outside(eveningRushFrom, eveningRushTo)] },
    say: { zh: '搬家要避开上下班高峰', en: 'furniture is moved outside the rush hours' },
  },
]

const what = choiceField(
  'what',
  { zh: '用途', en: 'What for' },
  {
    goods: { zh: '物品迁入、迁出', en: 'Goods in or out' },
    moving: { zh: '家具搬运（入住、退租）', en: 'Furniture (moving in or out)' },
  },
)
const liftOf = thingField('lift', { zh: '电梯', en: 'Lift' }, liftKind.id)
const from = timeField('from', { zh: '开始', en: 'From' })
const to = timeField('to', { zh: '结束', en: 'To' })

/**
 * 《货梯使用申请表》: R43 (000 §4.9.4.4), R13 (000 §4.2.4.3). Applied for a day ahead; engineering says whether the time can be had, and
 * if not it is agreed anew with the customer. Who moves in or out comes at no rush hour, by the fire lift alone, and security is told.
 */
export const goodsLift = procedure(
  [
    byStep(what),
    address,
    contact,
    phone,
    longField('cargo', { zh: '货物种类、客户要求', en: 'Kind of goods and wishes' }),
    byStep(liftOf),
    byStep(from),
    byStep(to),
    {
      ...optional(
        choiceField(
          'notice',
          { zh: '书面通知', en: 'Written notice' },
          { seen: { zh: '已收到客户书面通知', en: "the customer's written notice is here" } },
        ),
      ),
      // 000 §4.2.4.3(1): 以书面形式通知客户服务部.
      requiredWhen: moving,
    },
  ],
  {
    id: 'goods-lift',
    version: 1,
    prefix: 'DT',
    name: { zh: '货梯使用申请', en: 'Goods-lift application' },
    purpose: {
      zh: '搬运货物、大件用货梯：提前申请，避开上下班高峰，同一时段只给一家',
      en: 'Goods and large items by the goods lift: asked for in time, outside the peaks, one user at a time',
    },
    list: { name: { zh: '货梯', en: 'Goods lift' }, icon: 'clipboard' },
    call: { name: { zh: '货梯', en: 'Goods lift' }, key: 'l', says: { what: 'goods' } },
    source: 'R43, R13 (000 §4.9.4.4, 4.2.4.3)',
    about: 'cargo',
    initial: 'applied',
    placeOf: form => form.address,
    departmentOf: () => 'engineering',
    opening: {
      needs: ['fire-lift'],
      causes: [
        {
          tells: ['engineer'],
          kind: 'lift',
          text: { zh: '货梯申请，请确认时间', en: 'goods lift: please confirm the time' },
        },
      ],
    },
    rules,
    reserves: { resource: 'lift', from: 'from', to: 'to', in: ['applied', 'agreed'] },
    states: {
      applied: { name: { zh: '待工程确认', en: 'To be confirmed' }, main: 'agree' },
      'no-time': { name: { zh: '无法安排，再与客户确认', en: 'Not possible: agree again' }, main: 'retime' },
      agreed: {
        name: { zh: '时间已定', en: 'Agreed' },
        main: 'finish',
        rests: { until: 'from', tells: ['guard', 'engineer', 'front-desk'] },
      },
      done: { name: { zh: '已用', en: 'Used' }, ends: true },
      cancelled: { name: { zh: '取消', en: 'Cancelled' }, ends: true },
    },
    path: ['applied', 'agreed', 'done'],
    transitions: [
      {
        verb: 'agree',
        label: { zh: '可以安排', en: 'Can be had' },
        from: ['applied'],
        to: 'agreed',
        by: ['engineer'],
        asks: [ownSignature],
        causes: [
          { tells: ['front-desk'], kind: 'lift', text: { zh: '货梯时间已确认', en: 'the time of the lift is confirmed' } },
          // 000 §4.2.4.3(2): 通知安保部做好现场保卫工作.
          {
            tells: ['guard'],
            kind: 'lift-guard',
            text: { zh: '家具搬运，请做好现场保卫', en: 'furniture is moved: guard the place' },
            when: moving,
          },
        ],
      },
      {
        verb: 'refuse',
        label: { zh: '无法安排', en: 'Not possible' },
        from: ['applied', 'agreed'],
        to: 'no-time',
        by: ['engineer'],
        asks: [reason],
        causes: [
          {
            tells: ['front-desk', 'supervisor'],
            kind: 'lift-again',
            text: { zh: '货梯时间无法安排，请再与客户确认', en: 'this time is not possible: agree again with the customer' },
          },
        ],
      },
      {
        verb: 'retime',
        label: { zh: '与客户改定时间', en: 'Another time agreed' },
        from: ['applied', 'no-time', 'agreed'],
        to: 'applied',
        by: ['front-desk', 'supervisor'],
        asks: [from, to, liftOf],
        sets: ['from', 'to', 'lift'],
        needs: ['fire-lift'],
        causes: [
          {
            tells: ['engineer'],
            kind: 'lift',
            text: { zh: '货梯改了时间，请确认', en: 'goods lift at another time: please confirm' },
          },
        ],
      },
      {
        verb: 'finish',
        label: { zh: '用毕', en: 'Used' },
        from: ['agreed'],
        to: 'done',
        by: ['engineer', 'guard', 'front-desk', 'supervisor'],
        needs: ['begun'],
      },
      {
        verb: 'cancel',
        label: { zh: '客户取消', en: 'Cancelled by the customer' },
        from: ['applied', 'no-time', 'agreed'],
        to: 'cancelled',
        by: ['front-desk', 'supervisor'],
        asks: [reason],
      },
    ],
    opens: ['front-desk', 'supervisor'],
    corrects: ['front-desk', 'supervisor'],
    sees: ['front-desk', 'supervisor', 'engineer', 'guard', 'operator', 'manager', 'general-manager'],
    byHand: [
      { zh: '工程部确认', en: 'Engineering' },
      { zh: '客户签字', en: 'Customer' },
    ],
    printed: { zh: '货梯使用申请表', en: 'Goods-lift application' },
  },
)
