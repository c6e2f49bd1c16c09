import type { Subject } from '../../server/desk/subject.ts'
import { openEntries } from '../../server/engine/registers/registerLife.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { leafletRegister } from './register.ts'
import { routines } from './routines.ts'

/** Salespeople's material, monthly to the manager (R2): the month is closed when nothing of it lies at the desk. */
export const leaflets: Subject = {
  registers: [leafletRegister],
  routines,
  evidence: {
    'leaflets-kept': {
      async count({ db, stretch }) {
        const entries = db
          .selectFrom('register_entry')
          .select(['at', 'closed_at'])
          .where('register', '=', leafletRegister.id)
          .where('at', '<', stretch.to)
        const written = await entries.where('at', '>=', stretch.from).execute()
        const atTheDesk = (await openEntries(db, leafletRegister)).filter(e => e.at < stretch.to)
        return plain({ entries: written.length, atTheDesk: atTheDesk.length })
      },
      mustBeNothing: { atTheDesk: 'entries-open' },
    },
  },
}
