import type { Subject } from '../../server/desk/subject.ts'
import { plain } from '../../server/engine/routines/evidence.ts'
import { serviceCharges } from '../../server/engine/serviceCharges.ts'
import { isHandedIn } from './months.ts'
import { monthRoutes } from './routes.ts'
import { routines } from './routines.ts'

/** The month goes to Finance: every paid service added up, checked, handed in, audited, locked (R38, R41). */
export const monthEnd: Subject = {
  routines,
  routes: monthRoutes,
  charges: ({ db, until }) => serviceCharges(db, until),
  evidence: {
    'month-handed-in': {
      async count({ db, period }) {
        return plain({ notHandedIn: (await isHandedIn(db, period)) ? 0 : 1 })
      },
      mustBeNothing: { notHandedIn: 'month-not-handed' },
    },
  },
}
