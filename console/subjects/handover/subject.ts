import type { Subject } from '../../server/desk/subject.ts'
import { casesOf } from '../../server/engine/cases/casesIn.ts'
import { caseKind } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { handover as definition, takenOver } from './definition.ts'
import { dutyFigures } from './evidence.ts'
import { draftItems } from './items.ts'
import { needs } from './needs.ts'
import { parts } from './parts.ts'
import { handoverRoutes } from './routes.ts'
import { routines } from './routines.ts'
import { handoverCarries, handoverGoods } from './settings.ts'

/** A shift that hands over to the next one (R61). */
export const handover: Subject = {
  cases: [caseKind(definition, { needs, causes: { 'draft-handover': draftItems }, parts })],
  routines,
  evidence: { 'duty-figures': dutyFigures },
  settings: [handoverGoods, handoverCarries],
  routes: handoverRoutes,
  async tookOver(db, since) {
    const signed = casesOf(db, definition).where('state', '=', 'signed').where('ended_at', '>=', since)
    const rows = await signed.orderBy('ended_at', 'desc').limit(10).execute()
    return rows.flatMap(r => didOf(JSON.parse(r.facts_json), takenOver) ?? [])
  },
}
