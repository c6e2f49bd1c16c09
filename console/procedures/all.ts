import { complaint } from './complaint.ts'
import { corrective } from './corrective.ts'
import type { Procedure } from './definition.ts'
import { emergency } from './emergency.ts'
import { enquiry } from './enquiry.ts'
import { handover } from './handover.ts'
import { overtime } from './overtime.ts'
import { repair } from './repair.ts'
import { returnVisit } from './returnVisit.ts'
import { roster } from './roster.ts'
import { statement } from './statement.ts'

/** Every case procedure of this release. */
export const procedures: readonly Procedure[] = [
  emergency,
  overtime,
  repair,
  complaint,
  statement,
  enquiry,
  returnVisit,
  corrective,
  handover,
  roster,
]
