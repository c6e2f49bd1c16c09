import type { Subject } from '../../server/desk/subject.ts'
import { checkFigures, entriesIn, readFigures } from '../../server/engine/registers/checks.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { areaKeys, dutyRounds, dutyRecord as register } from './register.ts'
import { routines } from './routines.ts'
import { recordCheckShare } from './settings.ts'

/** What happened on duty, read daily and checked monthly by those above (R62, R64). */
export const dutyRecord: Subject = {
  registers: [register, dutyRounds],
  routines,
  evidence: {
    'areas-seen': {
      async count({ db, stretch }) {
        const rows = await entriesIn(db, dutyRounds, stretch)
        const seen = new Set(rows.map(r => JSON.parse(r.form_json).area))
        return plain({ entries: rows.length, areasOwed: areaKeys.filter(a => !seen.has(a)).length })
      },
      quotas: ['areasOwed'],
    },
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
