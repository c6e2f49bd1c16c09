import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { Suppression } from '#api/models/alarmLife'
import { say, type Text } from '#api/words/text'
import { accountIdOf, audit, system } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { tell } from '../../books/notices.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import type { Reactions } from '../reactions.ts'
import { lifeOfRow, stepped } from './life.ts'
import { type AlarmRow, factOfRow, isOpen } from './rows.ts'
import { isAlwaysSeen, ofDevice, type SuppressionRow, type Suppressions, suppressedNow, suppressionIn } from './suppressions.ts'

type Ask = { kind: Suppression; until: number; why: string; wholeDevice: boolean }

const auditOf = (kind: string) => (kind === 'shelved' ? 'alarm-shelved' : 'alarm-out-of-service')

/** Takes an alarm, or all of its device, out of sight until then. One that is so already gets the new end and reason. */
export const setAside = async (book: Suppressions, work: Work, row: AlarmRow, ask: Ask): Promise<void> => {
  const key = ask.wholeDevice && row.device !== null ? ofDevice(row.device) : row.key
  const event = { does: ask.kind === 'shelved' ? 'shelve' : 'take-out' } as const
  if (isAlwaysSeen(row)) throw new Refusal('never-shelved', 'id')
  stepped(lifeOfRow(row, await suppressionIn(work.tx, row)), event)
  const known = await activeOf(work, row.source, key)
  if (known) {
    await endRow(work, known)
    await tellOwner(work, known)
  }
  await work.tx
    .insertInto('alarm_suppression')
    .values({
      id: ulid(),
      kind: ask.kind,
      source: row.source,
      key,
      // What is worse than what was looked at is not set aside with it; of a whole device all but danger to life.
      level: key === row.key ? row.level : 2,
      name_json: row.name_json,
      device: row.device,
      place: row.place,
      why: ask.why,
      at: work.at,
      by_user: work.actor.display,
      by_id: accountIdOf(work.actor),
      until: ask.until,
      ended_at: null,
      ended_by: null,
      ended_by_id: null,
    })
    .execute()
  // Seen he has this one; what else its device has comes back unseen.
  const seen = { acked_at: work.at, acked_by: work.actor.display, acked_by_id: accountIdOf(work.actor) }
  if (row.acked_at === null) await work.tx.updateTable('alarm').set(seen).where('id', '=', row.id).execute()
  for (const a of await openOf(work.tx, row.source, key)) work.touched.alarms.add(a.id)
  work.touched.alarms.add(row.id)
  await audit(work.tx, work.at, work.actor, auditOf(ask.kind), key, { until: ask.until, why: ask.why })
  await learn(book, work)
}

const activeOf = (work: Work, source: string, key: string) =>
  work.tx
    .selectFrom('alarm_suppression')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('source', '=', source)
    .where('key', '=', key)
    .executeTakeFirst()

const endRow = (work: Work, row: SuppressionRow) =>
  work.tx
    .updateTable('alarm_suppression')
    .set({ ended_at: work.at, ended_by: work.actor.display, ended_by_id: accountIdOf(work.actor) })
    .where('id', '=', row.id)
    .execute()

/** The open alarms that a suppression is about. */
const openOf = (db: BooksReader, source: string, key: string) => {
  const device = key.endsWith('/*') ? key.slice(0, -2) : undefined
  return db
    .selectFrom('alarm')
    .selectAll()
    .where('source', '=', source)
    .where(e => (device === undefined ? e('key', '=', key) : e('device', '=', device)))
    .where('level', '>', 1)
    .where(isOpen)
    .execute()
}

/** Stays out of sight until another time; it remains whose it is, and he is told. */
export const putOff = async (book: Suppressions, work: Work, id: string, until: number): Promise<void> => {
  const row = await work.tx.selectFrom('alarm_suppression').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.ended_at !== null) throw new Refusal('not-set-aside', 'id')
  await work.tx.updateTable('alarm_suppression').set({ until }).where('id', '=', id).execute()
  for (const a of await openOf(work.tx, row.source, row.key)) work.touched.alarms.add(a.id)
  await audit(work.tx, work.at, work.actor, auditOf(row.kind), row.key, { until, before: row.until, why: row.why })
  await tellOwner(work, row, say.overrides.putOff(work.actor.display, textOf(row.name_json)))
  await learn(book, work)
}

/** In sight again, because its time is over (`system`) or because somebody gives it back: what stands calls anew, with its case. */
export const giveBack = async (book: Suppressions, work: Work, reactions: Reactions, id: string): Promise<void> => {
  const row = await work.tx.selectFrom('alarm_suppression').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.ended_at !== null) throw new Refusal('not-set-aside', 'id')
  // Somebody has put its end off meanwhile.
  if (work.actor === system && row.until > work.at) return learn(book, work)
  await endRow(work, row)
  for (const a of await openOf(work.tx, row.source, row.key)) {
    const other = await suppressionIn(work.tx, a)
    if (other === null) await comeBack(work, reactions, a, row.kind as Suppression)
    work.touched.alarms.add(a.id)
  }
  await audit(work.tx, work.at, work.actor, 'alarm-given-back', row.key)
  await tellOwner(work, row)
  await learn(book, work)
}

/** Whoever had set it aside is told when somebody else changes that. */
const tellOwner = async (work: Work, { id, by_id, name_json }: SuppressionRow, news?: Text) => {
  if (by_id === null || work.actor === system || by_id === work.actor.id) return
  const text = news ?? say.desk.givenBack(work.actor.display, textOf(name_json))
  await tell(work, { to: [`user:${by_id}`], record: id, kind: 'given-back', text })
}

const comeBack = async (work: Work, reactions: Reactions, a: AlarmRow, kind: Suppression) => {
  const { next, rings } = stepped(lifeOfRow(a, kind), { does: 'give-back' })
  if (next.acked) {
    // It came and went while it was out of sight; that nobody has looked at it stays to be seen.
    if (a.acked_at === null) await work.tx.updateTable('alarm').set({ acked_at: work.at }).where('id', '=', a.id).execute()
    return
  }
  const ticket = (await isOpenCase(work, a.ticket)) ? a.ticket : await reactions.raised(work, factOfRow(a))
  await work.tx
    .updateTable('alarm')
    .set({ acked_at: null, acked_by: null, acked_by_id: null, ticket, rings: a.rings + (rings ? 1 : 0) })
    .where('id', '=', a.id)
    .execute()
}

/** Its order may have been closed while it was out of sight. */
const isOpenCase = async (work: Work, id: string | null): Promise<boolean> =>
  id !== null &&
  (await work.tx.selectFrom('case_file').select('id').where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()) !==
    undefined

/** What is in force is known in memory as soon as it is in the books. */
const learn = async (book: Suppressions, work: Work) => {
  const rows = await suppressedNow(work.tx)
  work.touched.overrides = true
  work.touched.learned.push(() => book.learn(rows))
}

type Parts = {
  book: Suppressions
  read: BooksReader
  unit: UnitOfWork
  reactions: Reactions
  /** These are to be shown anew. */
  changed(ids: readonly string[]): void
  failed(error: unknown): void
}
/** Those that could not be ended, and are in sight all the same. */
const shown = new Set<string>()

/** Those whose time is over come back by themselves, each for itself. Looked for every second. */
export const endOfTime = async ({ book, read, unit, reactions, changed, failed }: Parts, now: number): Promise<void> => {
  for (const row of book.rows.filter(r => r.until <= now)) {
    const error = await unit(system, work => giveBack(book, work, reactions, row.id)).catch((e: unknown) => e)
    if (error === undefined) shown.delete(row.id)
    else {
      failed(error)
      if (shown.has(row.id)) continue
      shown.add(row.id)
      changed((await openOf(read, row.source, row.key).catch(() => [])).map(a => a.id))
    }
  }
}
