import type { Selectable } from 'kysely'
import { holds } from '#api/conditions'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import { say, together } from '#api/words/text'
import { accountIdOf, system } from '../../books/audit.ts'
import type { BooksReader, BooksStore } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import { tell } from '../../books/notices.ts'
import type { Books } from '../../books/schema.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { serviceTo } from '../../site/settings.ts'
import type { SiteRules } from '../../site/siteRules.ts'
import { asked } from '../asked.ts'
import type { Manual } from '../chapter.ts'
import { keepDrawings } from '../drawings.ts'
import type { Form } from '../field.ts'
import type { Register, RegisterLife } from './register.ts'

type Row = Selectable<Books['register_entry']>
const mostAtOnce = 200

/** When an entry should be over; null where nothing says so. */
export const dueAt = (life: RegisterLife | undefined, form: Form, at: number, rules: SiteRules): number | null => {
  if (!life?.due) return null
  const { local } = rules.calendar
  const closes = (date: string) => local.instantOf(date, rules.minuteOfDay(serviceTo))
  // What comes after the close of service is the next day's.
  if (life.due === 'same-day') {
    const today = closes(local.dateOf(at))
    return at < today ? today : closes(local.plusDays(local.dateOf(at), 1))
  }
  const said = form[life.due.field]
  return typeof said === 'number' ? said : typeof said === 'string' ? closes(said) : null
}

/** An open entry takes what it has alone; throws, naming the entry that has it, where one does. */
export const takeAlone = async (work: Work, register: Register, entry: string, form: Form): Promise<void> => {
  for (const field of register.life?.alone ?? []) {
    const value = form[field]
    if (value === undefined || value === '') continue
    const row = { register: register.id, field, value: String(value) }
    const held = await work.tx
      .selectFrom('open_object')
      .innerJoin('register_entry', 'register_entry.id', 'open_object.entry')
      .select('number')
      .where('open_object.register', '=', row.register)
      .where('field', '=', field)
      .where('value', '=', row.value)
      .executeTakeFirst()
    if (held) throw new Refusal('out-on-entry', field, { number: held.number })
    await work.tx
      .insertInto('open_object')
      .values({ ...row, entry })
      .execute()
  }
}

export const giveBack = (work: Work, entry: string) => work.tx.deleteFrom('open_object').where('entry', '=', entry).execute()

const entryIn = async (work: Work, register: Register, id: string, field: string): Promise<Row> => {
  const row = await work.tx.selectFrom('register_entry').selectAll().where('id', '=', id).executeTakeFirst()
  if (row?.register !== register.id) throw new Refusal('unknown-entry', field)
  return row
}

const mustBeOfOneAddress = async (work: Work, entries: readonly string[]) => {
  const rows = await work.tx.selectFrom('register_entry').select('form_json').where('id', 'in', entries).execute()
  if (new Set(rows.map(r => JSON.parse(r.form_json).address)).size > 1) throw new Refusal('of-several-units', 'entries')
}

const mustHaveEnded = async (work: Work, { case_id, number }: Row) => {
  const file = work.tx
    .selectFrom('case_file')
    .select('ended_at')
    .where('id', '=', case_id ?? '')
  if ((await file.executeTakeFirst())?.ended_at === null) throw new Refusal('case-still-open', 'entries', { number })
}

/** Closes entries, all of them or none; each once, and what was said stays with each. */
export const closeEntries = async (
  work: Work,
  register: Register,
  o: { entries: readonly string[]; said: Form },
  doer: { roles: readonly Role[] },
): Promise<void> => {
  const { life } = register
  if (!life) throw new Refusal('not-found', 'register')
  if (!hasRole(doer.roles, life.closes.by)) throw new Refusal('not-your-role')
  const said = await keepDrawings(work, o.entries, life.closes.asks, asked(life.closes.asks, o.said, work.actor))
  // A customer signs for what is his, not for what lies here for somebody else.
  if (life.closes.asks?.some(f => f.signs === 'customer')) await mustBeOfOneAddress(work, o.entries)
  for (const id of o.entries) {
    const row = await entryIn(work, register, id, 'entries')
    if (row.closed_at !== null) throw new Refusal('already-done', 'entries', { number: row.number })
    if (life.closes.afterCase) await mustHaveEnded(work, row)
    const by = { closed_by: work.actor.display, closed_by_id: accountIdOf(work.actor) }
    await work.tx
      .updateTable('register_entry')
      .set({ closed_at: work.at, ...by, closing_json: JSON.stringify(said) })
      .where('id', '=', id)
      .execute()
    if (!life.closes.gone || !holds(life.closes.gone, said)) await giveBack(work, id)
    await writeHistory(work, { record: id, verb: 'close', detail: said })
  }
  work.touched.duties = true
}

/** What was due of an open entry has been done; once. */
export const meetEntry = async (work: Work, register: Register, id: string, doer: { roles: readonly Role[] }): Promise<void> => {
  const meets = register.life?.meets
  if (!meets || !hasRole(doer.roles, meets.by)) throw new Refusal('not-your-role')
  const row = await entryIn(work, register, id, 'id')
  if (row.met_at !== null || row.closed_at !== null) throw new Refusal('already-done', 'id', { number: row.number })
  const by = { met_by: work.actor.display, met_by_id: accountIdOf(work.actor) }
  await work.tx
    .updateTable('register_entry')
    .set({ met_at: work.at, ...by })
    .where('id', '=', id)
    .execute()
  await writeHistory(work, { record: id, verb: 'meet' })
}

/** Whom an entry that is overdue concerns is told, once. */
export const tellOverdue = async (manual: Manual, books: BooksStore, unit: UnitOfWork, now: number): Promise<void> => {
  const late = (db: BooksReader, at: number) =>
    db
      .selectFrom('register_entry')
      .select(['id', 'register', 'number'])
      .where('due_at', '<=', at)
      .where('closed_at', 'is', null)
      .where('told_at', 'is', null)
      .where('met_at', 'is', null)
      .limit(mostAtOnce)
      .execute()
  if ((await late(books.read, now)).length === 0) return
  await unit(system, async work => {
    for (const { id, register, number } of await late(work.tx, work.at)) {
      await work.tx.updateTable('register_entry').set({ told_at: work.at }).where('id', '=', id).execute()
      const kept = manual.registers.find(r => r.id === register)
      if (!kept?.life) continue
      const text = together(number, ' ', kept.name, say.marks.says, say.desk.overdue)
      await tell(work, { to: kept.life.tells, record: id, kind: 'overdue', text })
      await writeHistory(work, { record: id, verb: 'overdue' })
    }
  })
}

/** The entries of a register that are open, oldest first. */
export const openEntries = (db: BooksReader, register: Pick<Register, 'id'>): Promise<Row[]> =>
  db
    .selectFrom('register_entry')
    .selectAll()
    .where('register', '=', register.id)
    .where('closed_at', 'is', null)
    .orderBy('at')
    .execute()

/** A case was opened because of an entry that leads to it: the entry names it, and waits for nothing else. */
export const entryLedTo = async (
  work: Work,
  manual: Manual,
  id: string,
  opened: Pick<CaseHead, 'id' | 'number' | 'procedure'>,
): Promise<void> => {
  const row = await work.tx.selectFrom('register_entry').selectAll().where('id', '=', id).executeTakeFirst()
  const register = manual.registers.find(r => r.id === row?.register)
  if (!row || !register?.leadsTo?.some(service => manual.rendering(service).id === opened.procedure))
    throw new Refusal('leads-not-there', 'fromEntry')
  if (row.case_id !== null) throw new Refusal('already-done', 'fromEntry', { number: row.number })
  const by = { closed_by: work.actor.display, closed_by_id: accountIdOf(work.actor) }
  const closes = row.closed_at === null && register.life !== undefined
  await work.tx
    .updateTable('register_entry')
    .set({ case_id: opened.id, ...(closes ? { closed_at: work.at, ...by, closing_json: '{}' } : {}) })
    .where('id', '=', id)
    .execute()
  await giveBack(work, id)
  await writeHistory(work, { record: id, verb: 'led-to', note: opened.number })
  work.touched.duties = true
}
