import { linkageOf } from '../../server/agents/journal/fireBook.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Parts, PartsLook } from '../../server/engine/chapter.ts'
import { emergency } from './definition.ts'
import { answersAs, leadsNow } from './leading.ts'
import { placesOf } from './merging.ts'
import { postsIn, stepOf } from './rows.ts'
import { tellingsOf } from './telling.ts'

/** The plan's steps and who has each, who leads, who was told, and what the linkages of a fire did. */
export const parts = async ({ db, at, head, user, manual, present }: PartsLook): Promise<Parts> => {
  const { form } = caseOf(emergency, head)
  const [steps, rows, leading, told, linkages] = await Promise.all([
    db.selectFrom('case_step').selectAll().where('case_id', '=', head.id).orderBy('n').execute(),
    db.selectFrom('ticket_told').select(['post', 'person']).where('case_id', '=', head.id).orderBy('at').execute(),
    leadsNow(db, at, manual, present),
    tellingsOf(db, head.id),
    form.kind === 'fire' && form.drill !== 'shadow' ? linkagesOf({ db, head }) : [],
  ])
  const leads = leading.map(p => p.id)
  return {
    steps: steps.map(row => {
      const posts = postsIn(row)
      const has = rows.filter(r => r.person !== '' && posts.includes(r.post)).map(r => r.person)
      return stepOf(row, [...new Set(has)], answersAs(posts, user, leads))
    }),
    leads: leading.map(p => p.display),
    told,
    linkages,
  }
}

const linkagesOf = async ({ db, head }: Pick<PartsLook, 'db' | 'head'>) => {
  const compartments = await placesOf(db, head)
  if (compartments.length === 0) return []
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
    .where('linkage.compartment', 'in', compartments)
    .where('compartment_event.met_at', '>=', since)
    .where('compartment_event.met_at', '<=', head.endedAt ?? Number.MAX_SAFE_INTEGER)
    .orderBy('linkage.linkage')
    .execute()
  return rows.map(linkageOf)
}
