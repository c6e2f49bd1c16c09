import type { Role } from '#api/rights'
import { address, choiceField, dateField, longField, optional, ownSignature, textField } from '../../server/engine/fields.ts'
import type { Register } from '../../server/engine/registers/register.ts'

const desk: readonly Role[] = ['front-desk', 'supervisor']
const above: readonly Role[] = ['front-desk', 'supervisor', 'manager', 'general-manager']
const room = { ...address, key: 'place', label: { zh: '房号', en: 'Room' } }

/** 《空置房登记表》: vacant rooms are kept as one list, by which they are cleaned. R58 (000 §3.1.3, 3.3.2). */
export const vacantRooms: Register = {
  id: 'vacant-rooms',
  prefix: 'KZ',
  name: { zh: '空置房登记表', en: 'Vacant rooms' },
  purpose: {
    zh: '空置房的状况、设施和钥匙，退租收回时记，出租时了结',
    en: 'The state, fittings and keys of vacant rooms: written when they come back, closed when they are let',
  },
  source: 'R58 (000 §3.1.3, 3.3.2)',
  fields: [
    room,
    dateField('since', { zh: '空置自', en: 'Vacant since' }),
    optional(textField('owner', { zh: '业主、联系方式', en: 'Owner, how to reach him' }, 120)),
    optional(longField('remark', { zh: '房况', en: 'State of the room' })),
  ],
  about: 'place',
  life: {
    alone: ['place'],
    open: { zh: '空置', en: 'Vacant' },
    closed: { zh: '已入住', en: 'Taken' },
    closes: {
      label: { zh: '有人入住', en: 'Somebody moves in' },
      by: desk,
      asks: [dateField('taken', { zh: '入住日期', en: 'Taken from' }), ownSignature],
    },
    tells: ['front-desk'],
  },
  writes: desk,
  sees: [...above, 'engineer'],
  reads: [],
  checks: [],
}

/** Each full clean of a vacant room (000 §3.3.2). */
export const vacantCleaning: Register = {
  id: 'vacant-cleaning',
  prefix: 'KB',
  name: { zh: '空置房保洁记录', en: 'Cleaning of vacant rooms' },
  purpose: {
    zh: '空置房按间隔全面清洁，每次做完记一条',
    en: 'Vacant rooms are cleaned throughout at intervals; each time is written down',
  },
  source: 'R58, T62 (000 §3.3.2)',
  fields: [
    room,
    choiceField(
      'found',
      { zh: '房况', en: 'Found' },
      { good: { zh: '完好', en: 'in good state' }, defect: { zh: '有损坏，已报修', en: 'damage, reported' } },
    ),
    textField('cleaner', { zh: '保洁员', en: 'Cleaner' }),
    optional(longField('remark', { zh: '备注', en: 'Remark' })),
  ],
  about: 'place',
  writes: desk,
  sees: above,
  reads: [],
  checks: [],
}
