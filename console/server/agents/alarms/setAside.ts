import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { Suppression } from '#api/models/alarmLife'
import { say } from '#api/words/text'
import { accountIdOf, audit, system } from '../../books/audit.ts'
import { tell } from '../../books/notices.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import type { Reactions } from '../reactions.ts'
import { lifeOfRow, stepped } from './life.ts'
import { type AlarmRow, factOfRow, isOpen } from './rows.ts'
import { ofDevice, type SuppressionRow, type Suppressions, suppressedNow, suppressionIn } from './suppressions.ts'

type Ask = { kind: Suppression; until: number; why: string; wholeDevice: boolean }

/** Takes an alarm, or all of its device, out of sight until then. One that is so already gets the new end and reason. */
export const setAside = async (book: Suppressions, work: Work, row: AlarmRow, ask: Ask): Promise<void> => {
  const key = ask.wholeDevice && row.device !== null ? ofDevice(row.device) : row.key
  const event = { does: ask.kind === 'shelved' ? 'shelve' : 'take-out' } as const
  stepped(lifeOfRow(row, await suppressionIn(work.tx, row)), event)
  const known = await activeOf(work, row.source, key)
  if (known) await endRow(work, known)
  await work.tx
    .insertInto('alarm_suppression')
    .values({
      id: ulid(),
      kind: ask.kind,
      source: row.source,
      key,
      level: row.level,
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
  const concerned = await openOf(work, row.source, key)
  const seen = { acked_at: work.at, acked_by: work.actor.display, acked_by_id: accountIdOf(work.actor) }
  const unseen = concerned.filter(a => a.acked_at === null).map(a => a.id)
  if (unseen.length > 0) await work.tx.updateTable('alarm').set(seen).where('id', 'in', unseen).execute()
  for (const a of concerned) work.touched.alarms.add(a.id)
  const what = ask.kind === 'shelved' ? 'alarm-shelved' : 'alarm-out-of-service'
  await audit(work.tx, work.at, work.actor, what, key, { until: ask.until, why: ask.why })
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
const openOf = (work: Work, source: string, key: string) => {
  const device = key.endsWith('/*') ? key.slice(0, -2) : undefined
  return work.tx
    .selectFrom('alarm')
    .selectAll()
    .where('source', '=', source)
    .where(e => (device === undefined ? e('key', '=', key) : e('device', '=', device)))
    .where('level', '>', 1)
    .where(isOpen)
    .execute()
}

/** In sight again, because its time is over (`system`) or because somebody gives it back: what stands calls anew, with its case. */
export const giveBack = async (book: Suppressions, work: Work, reactions: Reactions, id: string): Promise<void> => {
  const row = await work.tx.selectFrom('alarm_suppression').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.ended_at !== null) throw new Refusal('not-set-aside', 'id')
  await endRow(work, row)
  for (const a of await openOf(work, row.source, row.key)) {
    const other = await suppressionIn(work.tx, a)
    if (other === null) await comeBack(work, reactions, a, row.kind as Suppression)
    work.touched.alarms.add(a.id)
  }
  await audit(work.tx, work.at, work.actor, 'alarm-given-back', row.key)
  const owner = row.by_id
  if (owner !== null && work.actor !== system && owner !== work.actor.id)
    await tell(work, {
      to: [`user:${owner}`],
      record: row.id,
      kind: 'given-back',
      text: say.desk.givenBack(work.actor.display, textOf(row.name_json)),
    })
  await learn(book, work)
}

const comeBack = async (work: Work, reactions: Reactions, a: AlarmRow, kind: Suppression) => {
  const { next, rings } = stepped(lifeOfRow(a, kind), { does: 'give-back' })
  if (next.acked) {
    // It came and went while it was out of sight; that nobody has looked at it stays to be seen.
    if (a.acked_at === null) await work.tx.updateTable('alarm').set({ acked_at: work.at }).where('id', '=', a.id).execute()
    return
  }
  const ticket = a.ticket ?? (await reactions.raised(work, factOfRow(a)))
  await work.tx
    .updateTable('alarm')
    .set({ acked_at: null, acked_by: null, acked_by_id: null, ticket, rings: a.rings + (rings ? 1 : 0) })
    .where('id', '=', a.id)
    .execute()
}

/** What is in force is known in memory as soon as it is in the books. */
const learn = async (book: Suppressions, work: Work) => {
  const rows = await suppressedNow(work.tx)
  work.touched.overrides = true
  work.touched.learned.push(() => book.learn(rows))
}

/** Those whose time is over come back by themselves. Looked for every second. */
export const endOfTime = async (book: Suppressions, unit: UnitOfWork, reactions: Reactions, now: number): Promise<void> => {
  const due = book.rows.filter(r => r.until <= now)
  for (const { id } of due) await unit(system, work => giveBack(book, work, reactions, id))
}
