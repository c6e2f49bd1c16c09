import { shifts } from '#api/shifts'
import { procedure, staying } from '../../server/engine/definition.ts'
import {
  choiceField,
  dateField,
  department,
  longField,
  monthField,
  optional,
  ownSignature,
  personField,
  reason,
  result,
} from '../../server/engine/fields.ts'
import { labels } from '../../server/engine/labels.ts'

/** R61: no private swaps; the superior consents and a substitute is arranged. */
export const swapped = {
  verb: 'swap',
  asks: [
    dateField('date', { zh: '日期', en: 'Date' }),
    choiceField('shift', labels.shift, shifts),
    personField('person', { zh: '原值班人', en: 'Who was on it' }),
    personField('substitute', labels.substitute),
    reason,
  ],
} as const

/**
 * 《值班安排表》: R63 (004 rows 7, 8), R62, T69-T71. Made each month-end for the next month, approved by the director, then in
 * force. Nobody swaps in private: a change needs the superior's consent, its reason and a substitute (R61). It ends with
 * the month's attendance appraisal.
 */
export const roster = procedure(
  [monthField('month', { zh: '月份', en: 'Month' }), department, optional(longField('notes', { zh: '说明', en: 'Notes' }))],
  {
    id: 'roster',
    version: 1,
    prefix: 'PB',
    name: { zh: '值班安排表', en: 'Duty roster' },
    purpose: {
      zh: '每月排好早、中、晚班，报批后公布；谁当班由它决定，报警按它找人',
      en: 'Who is on which shift of the month, approved and published; alarms find people by it',
    },
    list: { name: { zh: '排班', en: 'Roster' }, group: 'shift', icon: 'users', pinned: true },
    source: 'R63 (004 rows 7, 8), R61, R62',
    about: 'month',
    initial: 'preparing',
    opening: { needs: ['only-roster'] },
    placeOf: () => null,
    departmentOf: form => form.department,
    states: {
      preparing: { name: { zh: '编排中', en: 'In preparation' }, main: 'submit' },
      submitted: { name: { zh: '待审批', en: 'To be approved' }, main: 'approve' },
      'in-force': { name: { zh: '已批准，执行中', en: 'Approved, in force' }, rests: true, main: 'appraise' },
      appraised: { name: { zh: '已考勤，执行中', en: 'Attendance appraised' }, rests: true, main: 'close' },
      closed: { name: { zh: '已归档', en: 'Closed' }, ends: true },
      withdrawn: { name: { zh: '作废', en: 'Withdrawn' }, ends: true },
    },
    path: ['preparing', 'submitted', 'in-force', 'appraised', 'closed'],
    transitions: [
      {
        verb: 'submit',
        label: { zh: '报批', en: 'Submit for approval' },
        from: ['preparing'],
        to: 'submitted',
        by: ['supervisor', 'engineer'],
        needs: ['every-day-covered'],
      },
      {
        verb: 'send-back',
        label: { zh: '退回修改', en: 'Send back' },
        from: ['submitted'],
        to: 'preparing',
        by: ['manager', 'general-manager'],
        asks: [reason],
      },
      {
        verb: 'approve',
        label: { zh: '批准', en: 'Approve' },
        from: ['submitted'],
        to: 'in-force',
        by: ['manager', 'general-manager'],
        notBy: ['submit'],
        needs: ['every-day-covered'],
        asks: [ownSignature],
      },
      ...staying(['in-force', 'appraised'], {
        ...swapped,
        label: { zh: '换班（经上级同意）', en: 'Swap, with consent' },
        by: ['supervisor', 'manager', 'general-manager'],
        needs: ['on-roster'],
        causes: ['swap-shift'],
      }),
      {
        verb: 'appraise',
        label: { zh: '考勤评定报主任', en: 'Attendance appraised' },
        from: ['in-force'],
        to: 'appraised',
        by: ['supervisor', 'engineer'],
        asks: [result, ownSignature],
      },
      {
        verb: 'close',
        label: { zh: '月末归档', en: 'Close the month' },
        from: ['in-force', 'appraised'],
        to: 'closed',
        by: ['supervisor', 'engineer'],
        needs: ['month-over'],
      },
      {
        verb: 'withdraw',
        label: { zh: '作废', en: 'Withdraw' },
        from: ['preparing', 'submitted'],
        to: 'withdrawn',
        by: ['supervisor', 'engineer', 'manager', 'general-manager'],
        asks: [reason],
      },
    ],
    opens: ['supervisor', 'engineer'],
    sees: ['operator', 'guard', 'front-desk', 'supervisor', 'engineer', 'manager', 'general-manager'],
    wholePage: true,
  },
)
