import type { Subject } from '../../server/desk/subject.ts'
import { entriesIn } from '../../server/engine/registers/checks.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { endOfDay } from '../../server/engine/routines/routine.ts'
import { areaRounds } from './register.ts'
import { roundsPerWorkday } from './settings.ts'

/** Rounds of the customer areas, so many a workday, each written down (R59). */
export const rounds: Subject = {
  registers: [areaRounds],
  settings: [roundsPerWorkday],
  routines: [
    {
      id: 'rounds',
      name: { zh: '客户区域巡视', en: 'Rounds of the customer areas' },
      source: 'R59, T63 (000 §5.1.2)',
      owes: 'supervisor',
      tells: ['manager'],
      rule: { every: 'day', at: endOfDay, on: 'workdays' },
      evidence: 'rounds-made',
      at: ['office'],
    },
  ],
  evidence: {
    'rounds-made': {
      async count({ db, stretch, rules }) {
        const made = (await entriesIn(db, areaRounds, stretch)).length
        return plain({ entries: made, roundsOwed: Math.max(0, Number(rules.value(roundsPerWorkday)) - made) })
      },
      quotas: ['roundsOwed'],
    },
  },
}
