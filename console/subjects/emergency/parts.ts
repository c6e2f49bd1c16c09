import type { CaseHead } from '#api/models/cases'
import { linkageOf } from '../../server/agents/journal/fireBook.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Parts, PartsLook } from '../../server/engine/chapter.ts'
import { emergency } from './definition.ts'
import { answersAs, leadsNow } from './leading.ts'
import { wholeOf } from './merging.ts'
import { postsIn, stepOf } from './rows.ts'
import { tellingsOf } from './telling.ts'

/** The plan's steps and who has each, who leads, who was told, and what the linkages of a fire did. */
export const parts = async ({ db, at, head, user, manual, present }: PartsLook): Promise<Parts> => {
  const { form } = caseOf(emergency, head)
  const whole = await wholeOf(db, head)
  const [steps, rows, leading, told, linkages] = await Promise.all([
    db.selectFrom('case_step').selectAll().where('case_id', '=', head.id).orderBy('n').execute(),
    db.selectFrom('ticket_told').select(['post', 'person']).where('case_id', '=', head.id).orderBy('at').execute(),
    leadsNow(db, at, manual, present),
    tellingsOf(db, head.id),
    form.kind === 'fire' && form.drill !== 'shadow' ? linkagesOf(db, head, whole) : [],
  ])
  return {
    steps: steps.map(row => {
      const posts = postsIn(row)
      const has = rows.filter(r => r.person !== '' && posts.includes(r.post)).map(r => r.person)
      return stepOf(row, [...new Set(has)], head.endedAt === null ? answersAs(posts, user, leading) : null)
    }),
    leads: head.endedAt === null ? leading.map(p => p.display) : [],
    places: [...new Set(whole.flatMap(t => t.place ?? []))],
    told,
    linkages,
  }
}

/** What the linkages of its places did while it went on; a ticket that was merged keeps what they did until then. */
const linkagesOf = async (db: BooksReader, head: CaseHead, whole: Awaited<ReturnType<typeof wholeOf>>) => {
  const compartments = whole.flatMap(t => t.place ?? [])
  if (compartments.length === 0) return []
  const alarms = await db
    .selectFrom('history')
    .select('detail_json')
    .where(
      'record',
      'in',
      whole.map(t => t.id),
    )
    .where('verb', '=', 'alarm')
    .execute()
  // The agent's own times: a fire may be older than its ticket when the journal came late.
  const raised = alarms.flatMap(a => Number(JSON.parse(a.detail_json).at) || [])
  const since = Math.min(head.openedAt, ...raised)
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
