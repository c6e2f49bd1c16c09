import type { Subject } from '../../server/desk/subject.ts'
import { entriesIn } from '../../server/engine/registers/checks.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { endOfDay } from '../../server/engine/routines/routine.ts'
import { passages, vehicleKind, visitors } from './registers.ts'

/** Who and what goes in and out at the gate (R71, R72). */
export const gatehouse: Subject = {
  registers: [visitors, passages],
  things: [vehicleKind],
  routines: [
    {
      id: 'owners-confirmed',
      name: { zh: '车主确认率', en: 'Owners confirmed at the gate' },
      source: 'R71 (004 P2)',
      owes: 'supervisor',
      tells: ['manager'],
      rule: { every: 'month', day: 'last', at: endOfDay },
      evidence: 'owners-confirmed',
      at: ['apartments'],
    },
  ],
  evidence: {
    'owners-confirmed': {
      async count({ db, stretch }) {
        const rows = await entriesIn(db, passages, stretch)
        const registered = rows.map(r => JSON.parse(r.form_json)).filter(f => f.vehicle !== undefined)
        const confirmed = registered.filter(f => f.confirmed === true).length
        return plain({
          passages: rows.length,
          registered: registered.length,
          confirmed,
          unconfirmed: registered.length - confirmed,
        })
      },
      quotas: ['unconfirmed'],
    },
  },
}
