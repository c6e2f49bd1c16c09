import type { BooksReader } from '../../server/books/books.ts'
import { isSame, type Someone } from '../../server/books/persons.ts'
import { gravest } from '../../server/engine/cases/grave.ts'
import { casesAbout } from '../../server/engine/cases/people.ts'
import type { NeedsOf } from '../../server/engine/chapter.ts'
import type { handover } from './definition.ts'
import { comeSince } from './draft.ts'
import { handoverCarries } from './settings.ts'
import { isOutgoing, isTaker, statedFit, takerOf } from './taker.ts'

/** What of a handover still counts. */
const allItems = (db: BooksReader, caseId: string) =>
  db.selectFrom('handover_item').select('n').where('case_id', '=', caseId).where('over', '=', 0)
/** What is kept from somebody is none of his to explain or to check. */
const items = (db: BooksReader, caseId: string, who: Someone) => allItems(db, caseId).where('ref', 'not in', casesAbout(db, who))

export const needs: NeedsOf<typeof handover> = {
  async 'own-shift'({ head, by }) {
    return isOutgoing(head, by) ? null : { code: 'not-own-shift' }
  },
  async 'not-own-shift'({ head, by }) {
    return isOutgoing(head, by) ? { code: 'own-shift' } : null
  },
  async prepared({ db, head, rules, by }) {
    // C8: unfinished matters go over with their reason, unless this site forbids it.
    const kept = rules.value(handoverCarries) === true ? [] : await items(db, head.id, by).where('kind', '=', 'case').execute()
    if (kept.length > 0) return { code: 'matters-open', detail: { n: kept.length } }
    const open = await items(db, head.id, by).where('needs_remark', '=', 1).where('remark', 'is', null).execute()
    return open.length > 0 ? { code: 'remarks-missing', detail: { n: open.length } } : null
  },
  // What the incoming person has checked, his substitute has not.
  async 'all-checked'({ db, head, by }) {
    const listed = await items(db, head.id, by).select(['checked_at', 'checked_by', 'checked_by_id']).execute()
    const open = listed.filter(i => i.checked_at === null || !isSame(by, { id: i.checked_by_id, name: i.checked_by }))
    return open.length > 0 ? { code: 'items-unchecked', detail: { n: open.length } } : null
  },
  // The bans of R61 (2b 2.4), in its own order; the third is the state itself.
  async 'no-major-event'(look) {
    const open = await gravest(look.db, look, look.by)
    return open && { code: open.procedure.first ? 'emergency-open' : 'grave-open', detail: { number: open.number } }
  },
  async 'no-equipment-moving'({ live }) {
    const [first] = live.moving()
    return first ? { code: 'equipment-moving', detail: { device: first.device } } : null
  },
  async fit({ head }) {
    const stated = statedFit(head)
    if (!stated) return { code: 'fitness-unstated' }
    return stated.fit === 'unfit' && !stated.substitute ? { code: 'unfit' } : null
  },
  async 'named-taker'({ db, head, by }) {
    return (await isTaker(db, head, by)) ? null : { code: 'not-the-taker', detail: { number: takerOf(head) } }
  },
  // R61: a list of the afternoon is not what stands at the hour of handing over.
  async 'list-current'(look) {
    const listed = await allItems(look.db, look.head.id).select(['kind', 'ref']).execute()
    const come = await comeSince(look, listed)
    return come.length > 0 ? { code: 'list-outdated', detail: { n: come.length } } : null
  },
}
