import type { ExpressionBuilder, Selectable } from 'kysely'
import { ulid } from 'ulid'
import { holds } from '#api/conditions'
import { Refusal } from '#api/errors'
import type { RegisterEntry } from '#api/models/registers'
import { hasRole, type Role } from '#api/rights'
import { accountIdOf } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import { inParts } from '../../books/inParts.ts'
import { isSame } from '../../books/persons.ts'
import type { Books, Kept } from '../../books/schema.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { indexRecord } from '../../search/searchBook.ts'
import { keepRules } from '../cases/formHeld.ts'
import type { Around, Manual } from '../chapter.ts'
import type { Field } from '../field.ts'
import { checkedForm } from '../formSchema.ts'
import { nextNumber } from '../numbers.ts'
import { refusal } from '../refusal.ts'
import { noteSent, sentBefore } from '../sentForms.ts'
import { thingsKnown } from '../things/thingBook.ts'
import type { Register } from './register.ts'
import { dueAt, giveBack, takeAlone } from './registerLife.ts'

type Row = Selectable<Books['register_entry']>

export const entryOf = (r: Row): RegisterEntry => ({
  id: r.id,
  register: r.register,
  number: r.number,
  at: r.at,
  by: r.by_user,
  form: JSON.parse(r.form_json),
  caseId: r.case_id,
  corrects: r.corrects,
  correctedBy: null,
  readAt: r.read_at,
  readBy: r.read_by,
  checkedAt: r.checked_at,
  checkedBy: r.checked_by,
  dueAt: r.due_at,
  metAt: r.met_at,
  metBy: r.met_by,
  closedAt: r.closed_at,
  closedBy: r.closed_by,
  closing: JSON.parse(r.closing_json ?? '{}'),
})

/** An entry as this person may see it: without the fields that only other roles see. */
export const entryShownTo = (register: Register, who: { roles: readonly Role[] }, e: RegisterEntry): RegisterEntry => {
  const hidden = register.fields.filter(f => f.sees && !hasRole(who.roles, f.sees)).map(f => f.key)
  return hidden.length === 0 ? e : { ...e, form: Object.fromEntries(Object.entries(e.form).filter(([k]) => !hidden.includes(k))) }
}

export const registerOf = (manual: Manual, id: string): Register => {
  const found = manual.registers.find(r => r.id === id)
  if (!found) throw new Refusal('unknown-register', 'register')
  return found
}

/** Where what comes by phone is written down. */
export const registerOfCalls = (manual: Manual): Register => {
  const found = manual.registers.find(r => r.ofCalls)
  if (!found) throw new Refusal('unknown-register', 'register')
  return found
}

const notKept = (kept: Kept) => (e: ExpressionBuilder<Books, 'register_entry'>) =>
  e.or([e('case_id', 'is', null), e('case_id', 'not in', kept)])

/** Refuses an entry that there is none of for this person. */
export const entryKnown = async (db: BooksReader, id: string, kept: Kept): Promise<void> => {
  const row = db.selectFrom('register_entry').select('id').where('id', '=', id).where(notKept(kept))
  if (!(await row.executeTakeFirst())) throw new Refusal('unknown-entry', 'id')
}

/** The register that an entry stands in; undefined where it is none. */
export const registerOfEntry = async (db: BooksReader, manual: Manual, id: string): Promise<Register | undefined> => {
  const row = await db.selectFrom('register_entry').select('register').where('id', '=', id).executeTakeFirst()
  return row && registerOf(manual, row.register)
}

const mineIn = (work: Work, register: Register) => async (record: string) => {
  const row = await work.tx.selectFrom('register_entry').selectAll().where('id', '=', record).executeTakeFirst()
  const mine = row?.register === register.id && isSame(work.actor, { id: row.by_id, name: row.by_user })
  return mine ? row : undefined
}

/** Writes an entry; `corrects` names the one that it puts right, with the reason in its own words. */
export const writeEntry = async (
  work: Work,
  { manual, directory, rules }: Pick<Around, 'manual' | 'directory' | 'rules'>,
  o: {
    register: string
    form: Record<string, unknown>
    caseId?: string | null
    corrects?: string | null
    /** A name of the sender's making: sent twice, it is one entry. */
    sentAs?: string | null
  },
  doer: { roles: readonly Role[] },
): Promise<RegisterEntry> => {
  const register = registerOf(manual, o.register)
  if (!hasRole(doer.roles, register.writes)) throw new Refusal('not-your-role')
  const form = checkedForm(register.fields, o.form)
  const sent = o.sentAs ? await sentBefore(work, o.sentAs, form, mineIn(work, register)) : undefined
  if (sent) return entryOf(sent)
  const old = o.corrects
    ? await work.tx.selectFrom('register_entry').selectAll().where('id', '=', o.corrects).executeTakeFirst()
    : undefined
  if (o.corrects && old?.register !== register.id) throw new Refusal('unknown-entry', 'corrects')
  const stood = old ? (JSON.parse(old.form_json) as Record<string, unknown>) : undefined
  const changed = stood && new Set(register.fields.map(f => f.key).filter(k => form[k] !== stood[k]))
  keepRules(register.rules, { rules, directory }, form, work.at, changed)
  const blocked = await register.need?.({ db: work.tx, at: work.at, form })
  if (blocked) throw refusal(blocked)
  await thingsKnown(work.tx, directory, register.fields, form, stood)
  // What puts an entry right is due when that one was.
  const done = register.life?.done !== undefined && holds(register.life.done, form)
  const due = dueAt(register.life, form, old?.at ?? work.at, rules)
  const row: Row = {
    id: ulid(),
    register: register.id,
    number: await nextNumber(work, directory, register),
    at: work.at,
    by_user: work.actor.display,
    by_id: accountIdOf(work.actor),
    form_json: JSON.stringify(form),
    // What puts an entry right belongs to the same case.
    case_id: o.caseId ?? old?.case_id ?? null,
    corrects: o.corrects ?? null,
    read_at: null,
    read_by: null,
    read_by_id: null,
    checked_at: null,
    checked_by: null,
    checked_by_id: null,
    due_at: due,
    told_at: old && old.due_at === due ? old.told_at : null,
    // What puts a closed one right is closed as it was.
    closed_at: old?.closed_at ?? (done ? work.at : null),
    closed_by: old?.closed_by ?? (done ? work.actor.display : null),
    closed_by_id: old?.closed_by_id ?? (done ? accountIdOf(work.actor) : null),
    closing_json: old?.closing_json ?? null,
    met_at: old?.met_at ?? null,
    met_by: old?.met_by ?? null,
    met_by_id: old?.met_by_id ?? null,
  }
  await work.tx.insertInto('register_entry').values(row).execute()
  if (register.life) await takeOver(work, register, row, form, old)
  if (o.sentAs) await noteSent(work, o.sentAs, row.id, form)
  await writeHistory(work, { record: row.id, verb: o.corrects ? 'correct' : 'open', detail: { form } }, true)
  const said = (f: Field) => (f.kind === 'thing' ? directory.thingName(String(form[f.key])) : form[f.key])
  const open = register.fields.filter(f => !f.sees && form[f.key] !== undefined).map(said)
  const words = open.filter((v): v is string => typeof v === 'string')
  const place = typeof form['place'] === 'string' ? directory.placeName(form['place']).zh : null
  await indexRecord(work, {
    record: row.id,
    kind: register.id,
    number: row.number,
    at: row.at,
    words: [...words, place, row.by_user],
  })
  return entryOf(row)
}

/** It has what it has alone; what it puts right has it no longer, and is closed with it. */
const takeOver = async (work: Work, register: Register, row: Row, form: Record<string, unknown>, old: Row | undefined) => {
  if (old) await giveBack(work, old.id)
  if (old?.closed_at === null) {
    const by = { closed_by: row.by_user, closed_by_id: row.by_id }
    await work.tx
      .updateTable('register_entry')
      .set({ closed_at: work.at, ...by, closing_json: '{}' })
      .where('id', '=', old.id)
      .execute()
  }
  if (row.closed_at === null) await takeAlone(work, register, row.id, form)
}

/** Signs that an entry has been read, or checked (R64); each once. */
export const signEntry = async (
  work: Work,
  manual: Manual,
  id: string,
  as: 'read' | 'check',
  doer: { roles: readonly Role[] },
): Promise<void> => {
  const row = await work.tx.selectFrom('register_entry').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-entry', 'id')
  const register = registerOf(manual, row.register)
  if (!hasRole(doer.roles, as === 'read' ? register.reads : register.checks)) throw new Refusal('not-your-role')
  if ((as === 'read' ? row.read_at : row.checked_at) !== null) throw new Refusal('already-done')
  // R64: a second pair of eyes.
  if (isSame(work.actor, { id: row.by_id, name: row.by_user })) throw new Refusal('own-entry')
  const { at, actor } = work
  const [name, account] = [actor.display, accountIdOf(actor)]
  const signed =
    as === 'read'
      ? { read_at: at, read_by: name, read_by_id: account }
      : { checked_at: at, checked_by: name, checked_by_id: account }
  await work.tx.updateTable('register_entry').set(signed).where('id', '=', id).execute()
  await writeHistory(work, { record: id, verb: as })
  work.touched.duties = true
}

/** So many that wait are listed, the oldest first: whoever deals with them sees the next. */
const mostWaiting = 500

/** Newest first; what waits to be read, or is open, stays in the list however old it is. */
export const entriesOf = async (
  db: BooksReader,
  register: Register,
  o: { from?: number; to?: number; limit: number; kept: Kept },
): Promise<RegisterEntry[]> => {
  const rows = await db
    .selectFrom('register_entry')
    .selectAll()
    .where('register', '=', register.id)
    .where(notKept(o.kept))
    .where('at', '>=', o.from ?? 0)
    .where('at', '<', o.to ?? Number.MAX_SAFE_INTEGER)
    .orderBy('at', 'desc')
    .limit(o.limit)
    .execute()
  const oldest = rows.at(-1)?.at ?? 0
  const waits = register.life ? ('closed_at' as const) : register.reads.length > 0 ? ('read_at' as const) : null
  const waiting =
    waits === null || o.from !== undefined
      ? []
      : await db
          .selectFrom('register_entry')
          .selectAll()
          .where('register', '=', register.id)
          .where(notKept(o.kept))
          .where(waits, 'is', null)
          .where('at', '<', oldest)
          .orderBy('at')
          .limit(mostWaiting)
          .execute()
  const all = [...rows, ...waiting.toReversed()]
  const after = await correctionsOf(db, all)
  return all.map(r => ({ ...entryOf(r), correctedBy: after.get(r.id) ?? null }))
}

/** The numbers of the entries that put these right. */
const correctionsOf = async (db: BooksReader, rows: readonly Row[]): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>()
  for (const part of inParts(rows)) {
    const ids = part.map(r => r.id)
    const later = await db.selectFrom('register_entry').select(['corrects', 'number']).where('corrects', 'in', ids).execute()
    for (const l of later) if (l.corrects !== null) found.set(l.corrects, l.number)
  }
  return found
}

/** The numbers of entries, by their ids. */
export const numbersOf = async (db: BooksReader, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('register_entry').select(['id', 'number']).where('id', 'in', ids).execute()
  return new Map(rows.map(r => [r.id, r.number]))
}
