import { randomInt } from 'node:crypto'
import type { Selectable } from 'kysely'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { PostCheck } from '#api/models/postChecks'
import { say } from '#api/words/text'
import { accountIdOf, audit, system } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { tell } from '../../server/books/notices.ts'
import type { Books } from '../../server/books/schema.ts'
import type { Work } from '../../server/books/unitOfWork.ts'

type Row = Selectable<Books['post_check']>
/** Whose post is checked: those who keep watch. */
const watchers = ['operator', 'guard'] as const
const above = ['supervisor', 'manager', 'general-manager'] as const
const mostListed = 100

export const viewOf = (r: Row): PostCheck => ({
  ...{ id: r.id, askedAt: r.asked_at, askedBy: r.asked_by, dueAt: r.due_at },
  ...{ answeredAt: r.answered_at, answeredBy: r.answered_by, station: r.station, toldAt: r.told_at },
})

export const latestChecks = (db: BooksReader): Promise<Row[]> =>
  db.selectFrom('post_check').selectAll().orderBy('asked_at', 'desc').limit(mostListed).execute()
export const openCheck = (db: BooksReader): Promise<Row | undefined> =>
  db.selectFrom('post_check').selectAll().where('answered_at', 'is', null).orderBy('asked_at').executeTakeFirst()

const showAgain = (work: Work) => {
  for (const role of watchers) work.touched.notices.add(role)
}

/** Asks, once at a time: what waits is answered before anything else is asked. */
export const askPost = async (work: Work, withinMs: number): Promise<void> => {
  if (await openCheck(work.tx)) throw new Refusal('check-open')
  const id = ulid()
  const by = work.actor.id === system.id ? null : work.actor
  await work.tx
    .insertInto('post_check')
    .values({
      ...{ id, asked_at: work.at, asked_by: by?.display ?? null, asked_by_id: by?.id ?? null, due_at: work.at + withinMs },
      ...{ answered_at: null, answered_by: null, answered_by_id: null, station: null, told_at: null },
    })
    .execute()
  await audit(work.tx, work.at, work.actor, 'post-check-asked', id)
  showAgain(work)
}

/** Whoever has asked is not at the post that he asks about. */
export const answerPost = async (work: Work, id: string): Promise<void> => {
  const row = await work.tx.selectFrom('post_check').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-check', 'id')
  if (row.answered_at !== null) throw new Refusal('already-answered', 'id')
  if (row.asked_by_id === work.actor.id) throw new Refusal('about-oneself', 'id')
  const by = { answered_by: work.actor.display, answered_by_id: accountIdOf(work.actor), station: work.actor.station }
  await work.tx
    .updateTable('post_check')
    .set({ answered_at: work.at, ...by })
    .where('id', '=', id)
    .execute()
  await audit(work.tx, work.at, work.actor, 'post-check-answered', id)
  showAgain(work)
}

/** Until when it may be answered: nobody could while the console was down, so its time begins anew with the start. Pure. */
export const dueOf = (row: Pick<Row, 'asked_at' | 'due_at'>, startedAt: number): number =>
  row.asked_at < startedAt ? startedAt + (row.due_at - row.asked_at) : row.due_at

/** Nobody has answered in time: those above are told, once. */
export const tellAbove = async (work: Work, row: Row, clock: string): Promise<void> => {
  const told = await work.tx
    .updateTable('post_check')
    .set({ told_at: work.at })
    .where('id', '=', row.id)
    .where('told_at', 'is', null)
    .where('answered_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (told)
    await tell(work, { to: above, record: row.id, kind: 'post-check', text: say.postChecks.unanswered(clock), rings: true })
}

/** When the console asks next by itself: nobody can tell beforehand, between half of the time and one and a half. */
export const nextAfter = (askedAt: number, everyMs: number): number =>
  askedAt + randomInt(Math.round(everyMs / 2), Math.round(everyMs * 1.5))
