import { sql } from 'kysely'
import { changedUnder } from '#api/masking'
import { audit, system } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { inParts } from '../books/inParts.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { Field } from '../engine/field.ts'
import { indexTenants, tenantFilesIn, tenantRecord } from '../master/tenantFiles.ts'
import { indexRecord } from '../search/searchBook.ts'
import type { Directory } from '../site/directory.ts'
import { personalKeptCases, personalKeptEntries, personalKeptTenants } from '../site/settings.ts'
import type { Desk } from './desk.ts'
import { removeUnnamed } from './oldFiles.ts'

/**
 * Names and numbers of customers are kept no longer than the site says (Personal Information Protection Law art. 19): so many days after a
 * case has ended, an entry was made, or a tenant has moved out of all that he had, they are struck out of form, steps, history and search. The books still prove themselves: the
 * chain holds what is there now, and the salt of what was there before is thrown away, so that its digest says nothing any more.
 */
export const erasedText = '—'

const dayMs = 86_400_000
/** So many at a time: whoever writes a case meanwhile does not wait for a year of them. */
const mostAtOnce = 50

type Erasing = Pick<Desk, 'books' | 'unit' | 'engine' | 'rules' | 'directory' | 'files' | 'wall'>
const isPersonal = (f: Field) => f.kind === 'phone' || f.personal === true

/** Under which keys forms and steps hold what is personal. */
const personalKeys = ({ manual }: Desk['engine']): ReadonlySet<string> =>
  new Set(
    [
      ...manual.procedures.flatMap(p => [...p.fields, ...p.transitions.flatMap(t => t.asks ?? [])]),
      ...manual.procedures.flatMap(p => p.lines ?? []).flatMap(l => [...l.fields, ...l.steps.flatMap(s => s.asks ?? [])]),
      ...manual.registers.flatMap(r => [...r.fields, ...(r.life?.closes.asks ?? [])]),
    ]
      .filter(isPersonal)
      .map(f => f.key),
  )

const without = (value: unknown, keys: ReadonlySet<string>): unknown =>
  changedUnder(
    value,
    key => keys.has(key),
    text => (text === '' ? '' : erasedText),
  )

const strikeHistory = async (tx: Work['tx'], record: string, cleaned: (json: string) => string) => {
  await tx.insertInto('erasing').values({ record }).execute()
  const entries = await tx.selectFrom('history').select(['n', 'note', 'detail_json']).where('record', '=', record).execute()
  for (const { n, note, detail_json } of entries)
    await tx
      .updateTable('history')
      // Up to 0.1 the name of a customer who signed stood there once more.
      .set({
        detail_json: cleaned(detail_json),
        note: note !== '' && note === JSON.parse(detail_json).signature ? erasedText : note,
      })
      .where('record', '=', record)
      .where('n', '=', n)
      .execute()
  await tx.deleteFrom('erasing').execute()
}

/** Whom the desk called at a tenant's, and whom he has named since, stand in no file and no history any more; the tenant himself does. */
const strikeContacts = async (work: Work, directory: Directory, id: string) => {
  const record = tenantRecord(id)
  await work.tx.deleteFrom('tenant_contact').where('tenant_id', '=', id).execute()
  await work.tx.deleteFrom('customer_link').where('tenant_id', '=', id).execute()
  await strikeHistory(work.tx, record, json => JSON.stringify(without(JSON.parse(json), new Set(['contacts']))))
  await indexTenants(work, directory, await tenantFilesIn(work.tx, [id]))
}

const strikeSeals = async ({ tx }: Work, files: Desk['files'], id: string) => {
  const seals = await tx.selectFrom('specimen_seal').select(['id', 'sha256']).where('tenant_id', '=', id).execute()
  if (seals.length === 0) return
  await removeUnnamed(tx, files, seals)
  await tx.deleteFrom('specimen_seal').where('tenant_id', '=', id).execute()
}

/** Writes a record and its history anew, without what is personal. */
const strike = async ({ tx }: Work, record: string, keys: ReadonlySet<string>) => {
  const cleaned = (json: string) => JSON.stringify(without(JSON.parse(json), keys))
  const file = await tx.selectFrom('case_file').select(['form_json', 'facts_json']).where('id', '=', record).executeTakeFirst()
  if (file)
    await tx
      .updateTable('case_file')
      .set({ form_json: cleaned(file.form_json), facts_json: cleaned(file.facts_json) })
      .where('id', '=', record)
      .execute()
  const entry = await tx
    .selectFrom('register_entry')
    .select(['form_json', 'closing_json'])
    .where('id', '=', record)
    .executeTakeFirst()
  if (entry)
    await tx
      .updateTable('register_entry')
      .set({
        form_json: cleaned(entry.form_json),
        closing_json: entry.closing_json === null ? null : cleaned(entry.closing_json),
      })
      .where('id', '=', record)
      .execute()
  for (const line of await tx.selectFrom('case_line').selectAll().where('case_id', '=', record).execute())
    await tx
      .updateTable('case_line')
      .set({ form_json: cleaned(line.form_json), facts_json: cleaned(line.facts_json) })
      .where('id', '=', line.id)
      .execute()
  await strikeHistory(tx, record, cleaned)
  await tx.deleteFrom('drawing').where('record', '=', record).execute()
  for (const sent of await tx.selectFrom('sent_form').select(['sent_as', 'form_json']).where('record', '=', record).execute())
    await tx
      .updateTable('sent_form')
      .set({ form_json: cleaned(sent.form_json) })
      .where('sent_as', '=', sent.sent_as)
      .execute()
  const found = await tx.selectFrom('search_index').selectAll().where('record', '=', record).executeTakeFirst()
  const form = (file ?? entry)?.form_json
  if (found && form) {
    const words = Object.values(without(JSON.parse(form), keys) as object).filter(v => typeof v === 'string' && v !== erasedText)
    await indexRecord({ tx }, { ...found, words: words as string[] })
  }
}

/** Throws away the salts of what was there before: not before the new rows are sealed, and again where that was cut off. */
const forgetSalts = async ({ books }: Erasing) => {
  const open = await books.read.selectFrom('erased').select('record').where('sealed', '=', 1).limit(mostAtOnce).execute()
  if (open.length === 0) return
  await books.write(async tx => {
    for (const { record } of open) {
      const sent = await tx.selectFrom('sent_form').select('sent_as').where('record', '=', record).execute()
      const lines = await tx.selectFrom('case_line').select('id').where('case_id', '=', record).execute()
      const keys: [string, string][] = [
        ['case_file', JSON.stringify([record])],
        ['register_entry', JSON.stringify([record])],
        ['history', `${JSON.stringify([record]).slice(0, -1)},%`],
        ['tenant_contact', `${JSON.stringify([record.replace(tenantRecord(''), '')]).slice(0, -1)},%`],
        ['drawing', `${JSON.stringify([record]).slice(0, -1)},%`],
        ['open_object', `${JSON.stringify([record]).slice(0, -1)},%`],
        ...lines.map((l): [string, string] => ['case_line', JSON.stringify([l.id])]),
        ...sent.map((s): [string, string] => ['sent_form', JSON.stringify([s.sent_as])]),
      ]
      for (const [kind, key] of keys)
        await sql`update chain set salt = null where kind = ${kind} and key like ${key} and n < (
          select max(l.n) from chain l where l.kind = chain.kind and l.key = chain.key)`.execute(tx)
      await tx.updateTable('erased').set({ sealed: 0 }).where('record', '=', record).execute()
    }
  })
}

/** Who has moved out of all that he had before a date, and has contacts or seals still. */
const movedOut = async (db: BooksReader, { rules, directory, wall }: Erasing): Promise<{ id: string }[]> => {
  const days = rules.number(personalKeptTenants)
  if (days === null) return []
  const before = directory.calendar.dateOf(wall() - days * dayMs)
  const his = db.selectFrom('tenancy').select('tenant_id')
  return db
    .selectFrom('tenant')
    .select('id')
    .where('id', 'in', his)
    .where(
      'id',
      'not in',
      his.where(e => e.or([e('to_date', 'is', null), e('to_date', '>=', before)])),
    )
    .where(e =>
      e.or([
        e('id', 'in', db.selectFrom('tenant_contact').select('tenant_id')),
        e('id', 'in', db.selectFrom('specimen_seal').select('tenant_id')),
      ]),
    )
    .limit(mostAtOnce)
    .execute()
}

/** Strikes out what has been kept long enough, a part at a time; returns how many records. */
export const eraseOld = async (desk: Erasing): Promise<number> => {
  await forgetSalts(desk)
  const db = desk.books.read
  const before = (days: number | null) => (days === null ? 0 : desk.wall() - days * dayMs)
  const erased = db.selectFrom('erased').select('record')
  const living = desk.engine.manual.registers.filter(r => r.life).map(r => r.id)
  const [cases, entries, tenants] = await Promise.all([
    db
      .selectFrom('case_file')
      .select('id')
      .where('ended_at', '<', before(desk.rules.number(personalKeptCases)))
      .where('id', 'not in', erased)
      .orderBy('ended_at')
      .limit(mostAtOnce)
      .execute(),
    db
      .selectFrom('register_entry')
      .select('id')
      .where('at', '<', before(desk.rules.number(personalKeptEntries)))
      // What is still out is still known; its time counts from its return.
      .where(e =>
        living.length === 0
          ? e.lit(true)
          : e.or([e('register', 'not in', living), e('closed_at', '<', before(desk.rules.number(personalKeptEntries)))]),
      )
      .where('id', 'not in', erased)
      .orderBy('at')
      .limit(mostAtOnce)
      .execute(),
    movedOut(db, desk),
  ])
  const ids = [...cases, ...entries].map(r => r.id)
  if (ids.length + tenants.length === 0) return 0
  const keys = personalKeys(desk.engine)
  const records = [...ids]
  await desk.unit(system, async work => {
    for (const id of ids) await strike(work, id, keys)
    // Asked again: a lease may have been extended while this waited.
    const gone = await movedOut(work.tx, desk)
    for (const { id } of gone) {
      await strikeContacts(work, desk.directory, id)
      await strikeSeals(work, desk.files, id)
    }
    records.push(...gone.map(t => tenantRecord(t.id)))
    if (records.length === 0) return
    for (const part of inParts(records.map(record => ({ record, at: work.at, sealed: 1 }))))
      await work.tx
        .insertInto('erased')
        .values(part)
        // He was here a second time.
        .onConflict(c => c.column('record').doUpdateSet({ at: work.at, sealed: 1 }))
        .execute()
    const counts = { cases: cases.length, entries: entries.length, tenants: gone.length }
    await audit(work.tx, work.at, system, 'personal-erased', 'books', counts)
  })
  await forgetSalts(desk)
  return records.length
}
