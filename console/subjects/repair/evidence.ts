import type { ReportTable } from '#api/models/duties'
import { say, worded } from '#api/words/text'
import type { BooksReader } from '../../server/books/books.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { type CaseOf, caseOf, casesOf, choiceOf, groupedBy, openedIn, stateOf } from '../../server/engine/cases/casesIn.ts'
import type { Evidence, EvidenceLook } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { columns, counted, type Stretch, table } from '../../server/engine/routines/evidence.ts'
import { deferred, partsNeeded, repair } from './definition.ts'

type Order = CaseOf<typeof repair>

/** Orders for overtime air are not repairs and do not distort the figures (R48); what was cancelled or is another's double neither. */
const isRepair = (head: Order): boolean => head.form.kind !== 'booked-air' && !['void', 'merged'].includes(head.state)

/** A summary that is signed later says how it stood at the end of its stretch. */
const doneBy = ({ endedAt }: Order, s: Stretch): boolean => endedAt !== null && endedAt < s.to

const received = async (db: BooksReader, s: Stretch) => (await openedIn(db, repair, s)).filter(isRepair)

/** Repair orders from before the stretch that were still open at its end. */
const carried = async (db: BooksReader, s: Stretch): Promise<Order[]> => {
  const open = casesOf(db, repair).where(e => e.or([e('ended_at', 'is', null), e('ended_at', '>=', s.to)]))
  const rows = await open.where('opened_at', '<', s.from).orderBy('opened_at').execute()
  return rows.map(row => caseOf(repair, headOf(row))).filter(isRepair)
}

/** Repair orders from before the stretch that were done in it. */
const doneLater = async (db: BooksReader, s: Stretch): Promise<Order[]> => {
  const before = casesOf(db, repair).where('opened_at', '<', s.from)
  const done = await before.where('ended_at', '>=', s.from).where('ended_at', '<', s.to).orderBy('ended_at').execute()
  return done.map(row => caseOf(repair, headOf(row))).filter(isRepair)
}

/** Why an order is not done, in the words of whoever said so last (R45). */
const reasonOf = ({ facts }: Order): string => {
  const said = [didOf(facts, deferred), didOf(facts, partsNeeded)].filter(f => f !== undefined).sort((a, b) => b.at - a.at)
  return said[0]?.reason ?? ''
}

const tables = async ({ db, stretch, directory }: EvidenceLook): Promise<ReportTable[]> => {
  const heads = await received(db, stretch)
  const kind = choiceOf(repair, 'kind')
  const oneDay = stretch.to - stretch.from <= 40 * 3_600_000
  return [
    ...table(
      say.report.byKind,
      columns('kind', 'received', 'done', 'open', 'urgent'),
      groupedBy(heads, 'kind').map(([k, list]) => [
        kind(k),
        list.length,
        list.filter(h => doneBy(h, stretch)).length,
        list.filter(h => !doneBy(h, stretch)).length,
        list.filter(h => h.urgent).length,
      ]),
    ),
    // 《日常报修记录表》 (R45): the day's orders one by one.
    ...table(
      say.report.dailyRecord,
      columns('number', 'urgent', 'place', 'what', 'contact', 'phone', 'state', 'handler'),
      (oneDay ? heads : []).map(h => [
        h.number,
        h.urgent ? say.cases.urgent : '',
        directory.placeName(h.place),
        worded(h.form.content),
        worded(h.form.contact),
        h.form.phone,
        stateOf(repair, h),
        h.handler ?? '',
      ]),
    ),
    ...table(
      say.report.unfinished,
      columns('number', 'place', 'what', 'state', 'reason'),
      [...(await carried(db, stretch)), ...heads.filter(h => !doneBy(h, stretch))].map(h => [
        h.number,
        directory.placeName(h.place),
        worded(h.form.content),
        stateOf(repair, h),
        reasonOf(h),
      ]),
    ),
  ]
}

/**
 * Repair orders received in the stretch: how many are done, open, and open without a reason (R45); `carried` are those of
 * before that are still open, and followed again (T55), `carriedDone` those of before that were done now.
 */
export const repairFigures: Evidence = {
  async count({ db, stretch }) {
    const all = await received(db, stretch)
    const open = all.filter(h => !doneBy(h, stretch))
    const before = await carried(db, stretch)
    return counted({
      received: all,
      done: all.filter(h => doneBy(h, stretch)),
      open,
      urgent: all.filter(h => h.urgent),
      carried: before,
      carriedDone: await doneLater(db, stretch),
      // Of what is done meanwhile nobody asks it any more.
      withoutReason: [...open, ...before].filter(h => h.endedAt === null && !['unfinished', 'waiting-parts'].includes(h.state)),
    })
  },
  tables,
  // R45: what is not done has its reason before the day is summed up.
  mustBeNothing: { withoutReason: 'reasons-missing' },
}
