import type { Shift } from '#api/shifts'
import type { BooksReader } from '../../server/books/books.ts'
import { textOf } from '../../server/books/words.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { shiftAt } from '../../server/site/onDuty.ts'
import { figuresOf, type Occurrence } from './arithmetic/figures.ts'
import { proposalsFor } from './arithmetic/proposals.ts'

const mostRead = 50_000

/** What was raised in a stretch, and what stands since before it. */
const occurrences = async (db: BooksReader, from: number, to: number): Promise<Occurrence[]> => {
  const rows = await db
    .selectFrom('alarm')
    .select([
      'id',
      'source',
      'key',
      'name_json',
      'level',
      'raised_at',
      'returned_at',
      'acked_at',
      'acked_by',
      'ticket',
      'chatters',
    ])
    .where('raised_at', '<', to)
    .where(e => e.or([e('raised_at', '>=', from), e('returned_at', 'is', null), e('returned_at', '>=', from)]))
    .orderBy('raised_at', 'desc')
    .limit(mostRead)
    .execute()
  return rows.map(r => ({
    id: r.id,
    key: `${r.source} ${r.key}`,
    name: textOf(r.name_json),
    level: r.level as Occurrence['level'],
    raisedAt: r.raised_at,
    returnedAt: r.returned_at,
    // What came and went out of sight, or goes on as a repeat, nobody has seen by that.
    ackedAt: r.acked_by === null ? null : r.acked_at,
    ticket: r.ticket,
    chatters: r.chatters > 0,
  }))
}

/** The figures of some days, all of them or one shift's. */
export const alarmFigures = async (
  { books, directory, rules }: Desk,
  q: { from: string; to: string; shift?: Shift | undefined },
) => {
  const { calendar } = directory
  const [from, to] = [calendar.instantOf(q.from, 0), calendar.instantOf(calendar.plusDays(q.to, 1), 0)]
  const [all, floods] = await Promise.all([
    occurrences(books.read, from, to),
    books.read
      .selectFrom('flood')
      .select(['started_at', 'ended_at'])
      .where('started_at', '<', to)
      .where(e => e.or([e('ended_at', 'is', null), e('ended_at', '>', from)]))
      .execute(),
  ])
  const isIn = (a: Occurrence) => q.shift === undefined || shiftAt(rules, calendar, a.raisedAt).shift === q.shift
  const stretches = floods.map(f => ({ from: f.started_at, to: f.ended_at ?? to }))
  const mine = all.filter(isIn)
  return {
    figures: figuresOf(mine, stretches, { from, to }),
    proposals: proposalsFor(mine.filter(a => a.raisedAt >= from)),
  }
}
