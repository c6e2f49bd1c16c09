import type { BooksReader } from '../../server/books/books.ts'
import type { Subject } from '../../server/desk/subject.ts'
import { entryOf } from '../../server/engine/registers/registerBook.ts'
import { plain, type Stretch } from '../../server/engine/routines/evidence.ts'
import { endOfDay } from '../../server/engine/routines/routine.ts'
import { gateReactions } from './gateBook.ts'
import { laneKind, passages, vehicleKind, visitors } from './registers.ts'
import { gateRoutes } from './routes.ts'
import { barrierOpensFor, doorOpensFor } from './settings.ts'

/** Vehicles that have gone in or out in a stretch: of an entry that was put right, the right one; of those turned away, none. */
const passagesIn = async (db: BooksReader, { from, to }: Stretch) => {
  const rows = await db
    .selectFrom('register_entry')
    .selectAll()
    .where('register', '=', passages.id)
    .where('at', '>=', from)
    .where('at', '<', to)
    .execute()
  const later = db.selectFrom('register_entry').select('corrects').where('register', '=', passages.id).where('at', '>=', from)
  const corrected = new Set((await later.where('corrects', 'is not', null).execute()).map(r => r.corrects))
  return rows.map(entryOf).filter(r => !corrected.has(r.id) && r.closing['outcome'] !== 'refused')
}

/** Who and what goes in and out at the gate (R71, R72). */
export const gatehouse: Subject = {
  registers: [visitors, passages],
  things: [vehicleKind, laneKind],
  settings: [doorOpensFor, barrierOpensFor],
  routes: gateRoutes,
  reactions: gateReactions,
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
        const rows = await passagesIn(db, stretch)
        const registered = rows.filter(r => r.form['vehicle'] !== undefined)
        const confirmed = registered.filter(r => r.form['confirmed'] === true || r.closing['outcome'] === 'confirmed').length
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
