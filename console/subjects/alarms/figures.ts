import type { Shift } from '#api/shifts'
import type { BooksReader } from '../../server/books/books.ts'
import { textOf, wordsIn } from '../../server/books/words.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { shiftAt } from '../../server/site/onDuty.ts'
import { figuresOf, type Occurrence } from './arithmetic/figures.ts'
import { proposalsFor } from './arithmetic/proposals.ts'

const mostRead = 50_000

/** The post whose alarm it was: of whoever has acknowledged it; null while nobody of a post has. */
type Posted = Occurrence & { post: string | null }

/** What was raised in a stretch, and what stands since before it. */
const occurrences = async (db: BooksReader, from: number, to: number): Promise<Posted[]> => {
  const rows = await db
    .selectFrom('alarm')
    .leftJoin('user_account', 'user_account.id', 'alarm.acked_by_id')
    .select(['alarm.id', 'source', 'key', 'name_json', 'level', 'raised_at', 'returned_at', 'acked_at', 'acked_by', 'ticket'])
    .select(['chatters', 'user_account.post'])
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
    post: r.post,
  }))
}

/** The posts whose people have acknowledged some of these, and the one that is asked for; people count to the post that they have now. */
const postsIn = async (db: BooksReader, all: readonly Posted[], asked: string | undefined) => {
  const posts = await db.selectFrom('post').select(['id', 'name_json']).execute()
  return posts
    .map(p => ({ id: p.id, name: wordsIn(p.name_json), count: all.filter(a => a.post === p.id).length }))
    .filter(p => p.count > 0 || p.id === asked)
    .toSorted((a, b) => b.count - a.count)
}

/** The figures of some days, all of them or one shift's or one post's. */
export const alarmFigures = async (
  { books, directory, rules }: Desk,
  q: { from: string; to: string; shift?: Shift | undefined; post?: string | undefined },
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
  const ofShift = all.filter(a => q.shift === undefined || shiftAt(rules, calendar, a.raisedAt).shift === q.shift)
  const stretches = floods.map(f => ({ from: f.started_at, to: f.ended_at ?? to }))
  const mine = ofShift.filter(a => q.post === undefined || a.post === q.post)
  return {
    posts: await postsIn(
      books.read,
      ofShift.filter(a => a.raisedAt >= from),
      q.post,
    ),
    figures: figuresOf(mine, stretches, { from, to }),
    // Of all that came: one whose ticket another shift or post has dealt with would be lost as well.
    proposals: proposalsFor(all.filter(a => a.raisedAt >= from)),
  }
}
