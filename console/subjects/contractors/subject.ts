import type { Subject } from '../../server/desk/subject.ts'
import { entriesIn } from '../../server/engine/registers/checks.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { endOfDay } from '../../server/engine/routines/routine.ts'
import { contractorReviews } from './register.ts'
import { contractorReviewMonths } from './settings.ts'
import { contractorKind } from './thing.ts'

/** Who looks after what for us, and how well (R74). */
export const contractors: Subject = {
  things: [contractorKind],
  registers: [contractorReviews],
  settings: [contractorReviewMonths],
  routines: [
    {
      id: 'contractor-review',
      name: { zh: '服务分包商评审，书面报经理', en: 'Contractors reviewed, in writing to the manager' },
      source: 'R74, T89 (000 §3.3.17)',
      owes: 'front-desk',
      tells: ['manager'],
      rule: { every: 'year', months: contractorReviewMonths, day: 'last', at: endOfDay },
      evidence: 'contractors-reviewed',
      at: ['office'],
    },
  ],
  evidence: {
    'contractors-reviewed': {
      async count({ db, stretch }) {
        const [firms, entries] = await Promise.all([
          db.selectFrom('thing').select('id').where('kind', '=', contractorKind.id).where('ended_at', 'is', null).execute(),
          entriesIn(db, contractorReviews, stretch),
        ])
        const reviewed = new Set(entries.map(e => JSON.parse(e.form_json).contractor))
        return plain({ contractors: firms.length, unreviewed: firms.filter(f => !reviewed.has(f.id)).length })
      },
      quotas: ['unreviewed'],
    },
  },
}
