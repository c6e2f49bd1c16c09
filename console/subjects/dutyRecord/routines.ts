import { endOfDay, type Routine } from '../../server/engine/routines/routine.ts'

export const routines: readonly Routine[] = [
  {
    id: 'duty-areas',
    name: { zh: '值班检查各区域与效果照明', en: 'Areas and effect lighting looked at on duty' },
    source: 'R62 (2c 1)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'day', at: endOfDay, on: 'every-day' },
    evidence: 'areas-seen',
    at: ['residential'],
  },
  {
    id: 'duty-record-read',
    name: { zh: '查阅值班记录并签字', en: 'Duty record read and signed' },
    source: 'R64, T72 (004 row 1)',
    owes: 'supervisor',
    tells: ['manager'],
    rule: { every: 'day', at: endOfDay, on: 'every-day' },
    evidence: 'record-read',
    at: ['apartments'],
  },
  {
    id: 'duty-record-check',
    name: { zh: '值班记录抽查', en: 'Duty record spot-checked' },
    source: 'R64, T72 (004 row 1)',
    owes: 'manager',
    tells: [],
    rule: { every: 'month', day: 'last', at: endOfDay },
    evidence: 'record-checks',
    at: ['apartments'],
  },
]
