import type { HandoverReadiness } from '#api/models/duties'
import type { User } from '#api/models/people'
import { mayDo } from '#api/rights'
import { isSame } from '../../server/books/persons.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { casesOf } from '../../server/engine/cases/casesIn.ts'
import { gravest } from '../../server/engine/cases/grave.ts'
import { casesAbout } from '../../server/engine/cases/people.ts'
import { handover } from './definition.ts'
import { comeSince, draftNow } from './draft.ts'

/** So many of what lacks something are named; there may be more. */
const mostNamed = 8

/** How far somebody's shift is from being handed over: what he still has to say something to, and what forbids it (R61). */
export const readinessOf = async (desk: Desk, user: User): Promise<HandoverReadiness> => {
  const db = desk.books.read
  const now = { ...desk.engine.around, db, at: desk.wall() }
  const kept = new Set((await casesAbout(db, user).execute()).map(r => r.id))
  const open = await casesOf(db, handover).where('ended_at', 'is', null).orderBy('opened_at', 'desc').execute()
  const own = open.find(c => isSame(user, { id: c.owner_id, name: c.owner }))
  const listed = own
    ? await db.selectFrom('handover_item').selectAll().where('case_id', '=', own.id).where('over', '=', 0).execute()
    : []
  const come = own ? await comeSince(now, listed) : await draftNow(now)
  const items = [
    ...listed.map(i => ({
      kind: i.kind,
      ref: i.ref,
      text: JSON.parse(i.text_json),
      lacks: i.needs_remark === 1 && i.remark === null,
    })),
    ...come.map(d => ({ kind: d.kind, ref: d.ref, text: d.text, lacks: d.needsRemark })),
  ].filter(i => !kept.has(i.ref))
  const lacking = items.filter(i => i.lacks)
  const grave = await gravest(db, now, user)
  const moving = desk.engine.around.live.moving()
  return {
    handover: own ? { id: own.id, number: own.number, state: own.state } : null,
    lacking: { n: lacking.length, named: lacking.slice(0, mostNamed).map(({ kind, text }) => ({ kind, text })) },
    taken: [...new Set(items.map(i => i.kind))]
      .map(kind => ({ kind, n: items.filter(i => i.kind === kind && !i.lacks).length }))
      .filter(t => t.n > 0),
    grave: grave?.number ?? null,
    moving: mayDo(user.roles, 'see-live') ? moving.map(m => m.name) : [],
  }
}
