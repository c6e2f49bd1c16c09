import { procedure } from '../../server/engine/definition.ts'
import {
  address,
  byStep,
  contact,
  longField,
  optional,
  orWorded,
  ownSignature,
  phone,
  reason,
  textField,
} from '../../server/engine/fields.ts'
import type { LineList } from '../../server/engine/lines.ts'

/** 003 (3)E: three things are looked at before anything goes out. */
const checks: LineList = {
  key: 'checks',
  name: { zh: '放行核对', en: 'Checks' },
  source: 'R56 (003 (3)E)',
  fields: [orWorded(textField('item', { zh: '核对项', en: 'Check' }, 200))],
  about: 'item',
  given: () => [
    { key: 'note', form: { item: { zh: '放行条填写完整', en: 'the note is complete' } } },
    { key: 'seal', form: { item: { zh: '与预留印鉴核对一致', en: 'it matches the specimen seal' } } },
    { key: 'restriction', form: { item: { zh: '该客户无物品放行特别限制', en: 'the customer has no special restriction' } } },
  ],
  in: ['presented'],
  initial: 'open',
  states: {
    open: { name: { zh: '待核', en: 'To be checked' } },
    right: { name: { zh: '相符', en: 'Right' }, settled: true },
    wrong: { name: { zh: '不符', en: 'Not right' } },
  },
  steps: [
    {
      verb: 'right',
      label: { zh: '相符', en: 'Right' },
      from: ['open', 'wrong'],
      to: 'right',
      by: ['front-desk', 'guard', 'supervisor'],
      asks: [ownSignature],
    },
    {
      verb: 'wrong',
      label: { zh: '不符', en: 'Not right' },
      from: ['open'],
      to: 'wrong',
      by: ['front-desk', 'guard', 'supervisor'],
      asks: [reason],
    },
  ],
}

/** 物品放行: R56 (003 (3)E; 001 daily 3). */
export const goodsRelease = procedure(
  [
    // What was checked is what goes out: other goods are another note.
    byStep(address),
    contact,
    phone,
    byStep(longField('goods', { zh: '物品、数量', en: 'Goods and quantity' })),
    byStep(optional(textField('carrier', { zh: '搬运人、车牌', en: 'Carried by, vehicle' }))),
  ],
  {
    id: 'goods-release',
    version: 1,
    prefix: 'FX',
    name: { zh: '物品放行', en: 'Goods release' },
    purpose: {
      zh: '物品出门：核对客户签字印鉴、欠费和经手人，三项齐了才放行',
      en: "Goods leave the building when three things are checked: the customer's signature and seal, his debts, and who carries them",
    },
    list: { name: { zh: '放行', en: 'Goods release' }, icon: 'clipboard' },
    call: { name: { zh: '放行', en: 'Goods release' }, key: 'g' },
    source: 'R56 (003 (3)E)',
    about: 'goods',
    initial: 'presented',
    placeOf: form => form.address,
    departmentOf: () => 'security',
    lines: [checks],
    states: {
      presented: { name: { zh: '已递放行条', en: 'Note presented' }, main: 'release' },
      released: { name: { zh: '已放行', en: 'Released' }, ends: true },
      held: { name: { zh: '不予放行', en: 'Held' }, ends: true },
    },
    path: ['presented', 'released'],
    transitions: [
      {
        verb: 'release',
        label: { zh: '放行', en: 'Release' },
        from: ['presented'],
        to: 'released',
        by: ['guard', 'front-desk', 'supervisor'],
        settled: ['checks'],
        needs: ['unrestricted'],
        asks: [ownSignature],
      },
      {
        verb: 'hold',
        label: { zh: '不予放行', en: 'Hold' },
        from: ['presented'],
        to: 'held',
        by: ['guard', 'front-desk', 'supervisor'],
        asks: [reason],
        causes: [{ tells: ['supervisor', 'guard'], kind: 'goods-held', text: { zh: '物品不予放行', en: 'goods are held back' } }],
      },
    ],
    opens: ['front-desk', 'guard', 'supervisor'],
    corrects: ['front-desk', 'guard', 'supervisor'],
    sees: ['front-desk', 'guard', 'supervisor', 'operator', 'manager', 'general-manager'],
    byHand: [
      { zh: '客户签字盖章', en: "Customer's signature and seal" },
      { zh: '当班保安', en: 'Guard on duty' },
    ],
    printed: { zh: '放行条', en: 'Goods-release note' },
  },
)
