import type { Subject } from '../../server/desk/subject.ts'
import { checkFigures, readFigures } from '../../server/engine/registers/checks.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { dutyRecord as register } from './register.ts'
import { routines } from './routines.ts'
import { recordCheckShare } from './settings.ts'

/** What happened on duty, read daily and checked monthly by those above (R62, R64). */
export const dutyRecord: Subject = {
  registers: [register],
  routines,
  evidence: {
    'record-read': {
      count: ({ db, stretch }) => readFigures(db, register, stretch),
      mustBeNothing: { unread: 'entries-unread' },
    },
    'record-checks': {
      count: async ({ db, stretch, rules }) => plain(await checkFigures(db, register, stretch, rules)),
      mustBeNothing: { checksOwed: 'checks-missing' },
    },
  },
  settings: [recordCheckShare],
}
