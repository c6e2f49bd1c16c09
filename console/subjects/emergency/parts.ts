import { linkageOf } from '../../server/agents/journal/fireBook.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Parts, PartsLook } from '../../server/engine/chapter.ts'
import { emergency } from './definition.ts'
import { stepOf } from './rows.ts'
import { tellingsOf } from './telling.ts'

/** The plan's steps, who was told, and what the linkages of a fire did. */
export const parts = async ({ db, head }: PartsLook): Promise<Parts> => {
  const [steps, told, linkages] = await Promise.all([
    db.selectFrom('case_step').selectAll().where('case_id', '=', head.id).orderBy('n').execute(),
    tellingsOf(db, head.id),
    caseOf(emergency, head).form.kind === 'fire' && head.place ? linkagesOf({ db, head }, head.place) : [],
  ])
  return { steps: steps.map(stepOf), told, linkages }
}

const linkagesOf = async ({ db, head }: Pick<PartsLook, 'db' | 'head'>, compartment: string) => {
  const first = await db
    .selectFrom('alarm')
    .select(e => e.fn.min('raised_at').as('at'))
    .where('ticket', '=', head.id)
    .executeTakeFirst()
  // The agent's own times: a fire may be older than its ticket when the journal came late.
  const since = Math.min(head.openedAt, first?.at ?? head.openedAt)
  const rows = await db
    .selectFrom('linkage')
    .innerJoin('compartment_event', 'compartment_event.event', 'linkage.event')
    .selectAll('linkage')
    .where('linkage.compartment', '=', compartment)
    .where('compartment_event.met_at', '>=', since)
    .where('compartment_event.met_at', '<=', head.endedAt ?? Number.MAX_SAFE_INTEGER)
    .orderBy('linkage.linkage')
    .execute()
  return rows.map(linkageOf)
}
