import type { Procedure } from '../server/engine/definition.ts'
import { complaint } from './complaint/complaint.ts'
import { corrective } from './complaint/corrective.ts'
import { statement } from './complaint/statement.ts'
import { emergency } from './emergency/definition.ts'
import { enquiry } from './enquiry/definition.ts'
import { handover } from './handover/definition.ts'
import { overtime } from './overtime/definition.ts'
import { repair } from './repair/definition.ts'
import { roster } from './roster/definition.ts'
import { returnVisit } from './visits/definition.ts'

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
