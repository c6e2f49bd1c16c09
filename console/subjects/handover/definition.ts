import { shifts } from '#api/shifts'
import { procedure } from '../../server/engine/definition.ts'
import { choiceField, longField, optional, ownSignature, personField, reason } from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'

/** The fourth ban: the outgoing person judges the incoming, face to face. */
export const fitnessStated = {
  verb: 'state-fit',
  asks: [
    choiceField(
      'fit',
      { zh: '接班人状态', en: 'The incoming person is' },
      {
        clear: { zh: '清醒，无酒后迹象', en: 'clear-minded, no signs of drink' },
        unfit: { zh: '酒后或不清醒，由顶班人接', en: 'unfit: a substitute takes over' },
      },
    ),
    optional(personField('substitute', labels.substitute)),
  ],
} as const
export const madeReady = { verb: 'ready', asks: [ownSignature], proves: true } as const
export const takenOver = { verb: 'take-over', asks: [ownSignature], proves: true } as const

/**
 * Shift handover: R61 (2b §1-2), C8. Drafted from live state, gone through item by item, signed by both. Forbidden while a
 * major or urgent event is not finished, while major equipment is starting or stopping, while preparation is not finished,
 * and to somebody who shows signs of drink or is not clear-minded and for whom no substitute has been found.
 */
export const handover = procedure(
  [
    choiceField('shift', labels.shift, shifts),
    personField('incoming', { zh: '接班人', en: 'Incoming' }),
    optional(longField('notes', { zh: '上级指示与留言', en: 'Orders and notes' })),
  ],
  {
    id: 'handover',
    version: 2,
    prefix: 'JB',
    name: { zh: '交接班', en: 'Shift handover' },
    purpose: {
      zh: '交班人按现状列出要交的事，逐项写明，双方当面核对、签字；重大事件未完、设备正在启停、准备不足、接班人不清醒时不得交接',
      en: 'What goes over is listed, explained, gone through face to face and signed by both; not while a major event stands, equipment moves or somebody is unfit',
    },
    list: { name: { zh: '交接', en: 'Handover' }, group: 'shift', icon: 'clipboard', pinned: true },
    source: 'R61 (2b §1-2), R62, C8',
    about: 'shift',
    initial: 'preparing',
    handlerOf: form => form.incoming,
    opening: { causes: ['draft-handover'] },
    states: {
      preparing: { name: { zh: '准备中', en: 'In preparation' }, main: 'ready' },
      ready: { name: { zh: '已备好，逐项核对', en: 'Ready, being checked' }, main: 'take-over' },
      signed: { name: { zh: '已交接', en: 'Handed over' }, ends: true },
      cancelled: { name: { zh: '未交接', en: 'Not handed over' }, ends: true },
    },
    path: ['preparing', 'ready', 'signed'],
    transitions: [
      {
        verb: 'redraft',
        label: { zh: '按现状重取', en: 'Draft anew from now' },
        from: ['preparing', 'ready'],
        to: 'preparing',
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer'],
        causes: ['draft-handover'],
      },
      {
        ...madeReady,
        label: { zh: '准备完毕，交班人签名', en: 'Prepared, signed by the outgoing' },
        from: ['preparing'],
        to: 'ready',
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer'],
        needs: ['own-shift', 'prepared', 'list-current'],
      },
      {
        ...takenOver,
        label: { zh: '接班签名', en: 'Take over, signed by the incoming' },
        from: ['ready'],
        to: 'signed',
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer'],
        needs: ['not-own-shift', 'fit', 'named-taker', 'all-checked', 'list-current', 'no-major-event', 'no-equipment-moving'],
      },
      // The fourth ban: the outgoing person judges, face to face, not the incoming about himself.
      {
        ...fitnessStated,
        label: { zh: '交班人确认接班人状态', en: 'The outgoing states how the incoming is' },
        from: ['ready'],
        to: 'ready',
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer'],
        needs: ['own-shift'],
      },
      {
        verb: 'call-off',
        label: { zh: '不交接', en: 'Call off' },
        from: ['preparing', 'ready'],
        to: 'cancelled',
        by: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
        asks: [reason],
      },
    ],
    personal: true,
    opens: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer'],
    sees: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
    wholePage: true,
    printed: { zh: '交接班记录', en: 'Handover record' },
  },
)
