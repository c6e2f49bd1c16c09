import type { Role } from '#api/rights'
import {
  address,
  choiceField,
  contact,
  deviceField,
  flagField,
  longField,
  optional,
  ownSignature,
  textField,
  thingField,
  timeField,
} from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'
import type { ThingKind } from '../../server/engine/things/thing.ts'

export const gate: readonly Role[] = ['guard', 'front-desk', 'supervisor']
const sees: readonly Role[] = [...gate, 'operator', 'manager', 'general-manager']

/**
 * Who is let in at the gate, by a document that was looked at: R72 (004 P2 保安员(2)). Not the customers who come with a matter: those
 * stand in the register of visits (R6). A sightseer needs a pass of the company or the site.
 */
export const visitors: Register = {
  id: 'visitors',
  prefix: 'FK',
  name: { zh: '访客登记', en: 'Visitors' },
  purpose: {
    zh: '来访者凭有效证件登记，经被访人同意后放行；出入证只在当天、指定的门、规定时间内有效',
    en: 'Visitors are written in with a valid document and let in when their host agrees; a pass opens one door, on one day, within its hours',
  },
  source: 'R72 (004 P2)',
  fields: [
    { ...contact, label: { zh: '访客姓名', en: 'Visitor' } },
    choiceField(
      'kind',
      { zh: '访客', en: 'Kind' },
      { guest: { zh: '访客', en: 'Guest' }, sightseer: { zh: '参观者（凭出入证）', en: 'Sightseer (with a pass)' } },
    ),
    choiceField(
      'document',
      { zh: '查验的证件', en: 'Document looked at' },
      {
        identity: { zh: '身份证', en: 'Identity card' },
        passport: { zh: '护照、通行证', en: 'Passport' },
        licence: { zh: '驾驶证', en: 'Driving licence' },
        work: { zh: '工作证', en: 'Staff card' },
        other: { zh: '其他有效证件', en: 'Another valid document' },
      },
    ),
    flagField('shown', { zh: '证件已当面查验', en: 'Looked at it, face to face' }),
    {
      ...optional(textField('pass', { zh: '出入证号', en: 'Pass' }, 30)),
      requiredWhen: {
        any: [
          { field: 'kind', is: ['sightseer'] },
          { field: 'door', filled: true },
        ],
      },
    },
    optional(deviceField('door', { zh: '可刷开的门', en: 'Door that it opens' }, 'lock')),
    {
      ...optional(timeField('until', { zh: '出入证有效至', en: 'The pass holds until' })),
      requiredWhen: { field: 'door', filled: true },
    },
    { ...address, key: 'place', label: { zh: '去哪里', en: 'To' } },
    textField('host', { zh: '找谁', en: 'Whom he visits' }),
    optional(longField('matter', { zh: '事由', en: 'Matter' }, 300)),
  ],
  about: 'contact',
  rules: [
    {
      source: 'R72 (004 P2)',
      field: 'shown',
      must: { form: { field: 'shown', is: [true] } },
      say: { zh: '访客须凭有效证件登记方可放行', en: 'nobody is admitted before his document has been looked at' },
    },
    {
      source: 'R72 (004 P2)',
      field: 'until',
      must: { left: { dateOf: { field: 'until' } }, is: '=', right: { today: true } },
      say: { zh: '出入证当日有效', en: 'a pass holds for the day on which it is given' },
    },
  ],
  life: {
    alone: ['pass'],
    due: 'same-day',
    open: { zh: '在楼内', en: 'In the building' },
    closed: { zh: '已离开', en: 'Left' },
    // From then on the pass opens nothing.
    closes: { label: { zh: '离开、收回出入证', en: 'Left, pass taken back' }, by: gate, asks: [ownSignature] },
    tells: ['guard'],
  },
  writes: gate,
  sees,
  reads: [],
  checks: [],
}

/** A registered vehicle, with whoever may drive it: R71 (004 P2 保安员(1)). */
export const vehicleKind: ThingKind = {
  id: 'vehicle',
  name: { zh: '登记车辆', en: 'Vehicle' },
  source: 'R71 (004 P2)',
  fields: [
    textField('plate', { zh: '车牌', en: 'Number plate' }, 20),
    textField('owner', { zh: '车主', en: 'Owner' }),
    optional(textField('phone', { zh: '电话', en: 'Phone' }, 40)),
    { ...optional(address), key: 'place', label: { zh: '单位、房号', en: 'Unit' } },
    optional(textField('permit', { zh: '停车证', en: 'Parking permit' }, 30)),
    optional(textField('space', { zh: '车位', en: 'Space' }, 30)),
  ],
  code: 'plate',
  shown: ['owner'],
  keeps: ['guard', 'supervisor'],
  sees,
}

const way = choiceField('way', { zh: '进出', en: 'Way' }, { in: { zh: '进', en: 'In' }, out: { zh: '出', en: 'Out' } })

/** Which way a barrier goes. */
export const laneKind: ThingKind = {
  id: 'lane',
  name: { zh: '车道', en: 'Lane' },
  source: 'R71 (004 P2)',
  fields: [textField('name', { zh: '车道', en: 'Lane' }, 30), deviceField('barrier', { zh: '道闸', en: 'Barrier' }, 'arm'), way],
  code: 'name',
  shown: [],
  keeps: ['engineer', 'supervisor'],
  sees,
}

/** Each vehicle that goes in or out, and whether its owner was confirmed: of registered ones all are (R71, 004 P2: 100 %). */
export const passages: Register = {
  id: 'vehicle-passages',
  prefix: 'CL',
  name: { zh: '车辆进出登记', en: 'Vehicles in and out' },
  purpose: {
    zh: '车辆进出登记：登记车辆核对车主，外来车问明去处；能读牌的道口自动记',
    en: 'Vehicles in and out: of registered ones the owner is confirmed, others are asked where they go; a barrier that reads plates writes by itself',
  },
  source: 'R71 (004 P2, P3-2.2)',
  fields: [
    // A barrier of which nobody has said which way it goes does not say it.
    { ...optional(way), requiredWhen: { field: 'barrier', filled: false } },
    optional(thingField('vehicle', { zh: '登记车辆', en: 'Registered vehicle' }, 'vehicle')),
    {
      ...optional(textField('plate', { zh: '车牌（未登记的车）', en: 'Number plate (of one not registered)' }, 20)),
      requiredWhen: { field: 'vehicle', filled: false },
    },
    flagField('confirmed', { zh: '已确认车主', en: 'Owner confirmed' }),
    optional(deviceField('barrier', { zh: '道口', en: 'Barrier' }, 'arm')),
    // What was told while the console was away is written down later than it was.
    optional(timeField('told', { zh: '道闸报的时间', en: 'Told by the barrier at' })),
    optional(longField('matter', { zh: '事由、放行人', en: 'Matter, let through by' }, 300)),
  ],
  about: 'way',
  life: {
    done: { field: 'confirmed', is: [true] },
    open: { zh: '待确认车主', en: 'Owner to be confirmed' },
    closed: { zh: '已处理', en: 'Dealt with' },
    due: 'same-day',
    closes: {
      label: { zh: '确认', en: 'Confirm' },
      by: gate,
      asks: [
        choiceField(
          'outcome',
          { zh: '确认结果', en: 'Outcome' },
          {
            confirmed: { zh: '已确认车主', en: 'Owner confirmed' },
            asked: { zh: '问明后放行', en: 'Asked, let through' },
            refused: { zh: '未放行', en: 'Not let through' },
          },
        ),
      ],
    },
    tells: ['guard', 'supervisor'],
  },
  writes: gate,
  sees,
  reads: [],
  checks: [],
}
