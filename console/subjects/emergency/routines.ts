import { everyManual, note, type Routine } from '../../server/engine/routines/routine.ts'

export const eventReport = {
  id: 'event-report',
  name: { zh: '重大事件书面报告', en: 'Written report of a major event' },
  source: 'R62, T67 (2c 1.6)',
  owes: 'supervisor',
  tells: ['manager', 'operator'],
  rule: { every: 'event', days: 1, at: '23:59' },
  evidence: note,
  at: everyManual,
} as const satisfies Routine
