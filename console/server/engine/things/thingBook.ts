import type { Selectable } from 'kysely'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { Thing, ThingName } from '#api/models/things'
import { hasRole, type Role } from '#api/rights'
import { audit } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import type { Books } from '../../books/schema.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { Directory } from '../../site/directory.ts'
import type { Manual } from '../chapter.ts'
import type { Field, Form } from '../field.ts'
import { checkedForm } from '../formSchema.ts'
import type { ThingKind } from './thing.ts'

/** The site's own things: kept by the desk, with what they were before in their history. What is gone stays in what refers to it. */

export const thingRecord = (id: string) => `thing/${id}`

const thingOf = (r: Selectable<Books['thing']>): Thing => ({
  ...{ id: r.id, kind: r.kind, code: r.code, form: JSON.parse(r.form_json), madeAt: r.made_at, endedAt: r.ended_at },
})

export const thingKind = (manual: Manual, id: string): ThingKind => {
  const found = manual.things.find(k => k.id === id)
  if (!found) throw new Refusal('unknown-thing', 'kind')
  return found
}

/** Those there are, then those that are gone. */
export const thingsOf = async (db: BooksReader, kind: ThingKind): Promise<Thing[]> => {
  const rows = await db.selectFrom('thing').selectAll().where('kind', '=', kind.id).orderBy('code').execute()
  const things = rows.map(thingOf)
  return [...things.filter(t => t.endedAt === null), ...things.filter(t => t.endedAt !== null)]
}

/** What every screen and sheet calls them by. */
export const thingNames = async (db: BooksReader, manual: Pick<Manual, 'things'>): Promise<ThingName[]> => {
  const rows = (await db.selectFrom('thing').selectAll().orderBy('code').execute()).map(thingOf)
  return rows.map(t => {
    const shown = manual.things.find(k => k.id === t.kind)?.shown ?? []
    const beside = shown.map(key => t.form[key]).filter(v => typeof v === 'string' && v !== '')
    return { id: t.id, kind: t.kind, name: [t.code, ...beside].join(' '), here: t.endedAt === null }
  })
}

type Around = { manual: Manual; directory: Directory }

const mayKeep = (kind: ThingKind, doer: { roles: readonly Role[] }) => {
  if (!hasRole(doer.roles, kind.keeps)) throw new Refusal('not-your-role')
}

/** Names are known anew once the books are written. */
const touch = async (work: Work, { manual, directory }: Around) => {
  const names = await thingNames(work.tx, manual)
  work.touched.site = true
  work.touched.learned.push(() => directory.learnThings(names))
}

type Saved = { id: string | null; form: Form; was?: Form }

/** `id`: null for a new one; `was`: the form as whoever changes it has seen it. */
export const saveThing = async (
  work: Work,
  around: Around,
  kindId: string,
  o: Saved,
  doer: { roles: readonly Role[] },
): Promise<Thing> => {
  const kind = thingKind(around.manual, kindId)
  mayKeep(kind, doer)
  const saved = await keep(work, around, kind, o)
  await touch(work, around)
  return saved
}

/** The same for many at once. */
export const saveThings = async (work: Work, around: Around, kind: ThingKind, all: readonly Saved[]): Promise<void> => {
  for (const o of all) await keep(work, around, kind, o)
  await touch(work, around)
}

const keep = async (work: Work, around: Around, kind: ThingKind, o: Saved): Promise<Thing> => {
  const form = checkedForm(kind.fields, o.form)
  const code = String(form[kind.code])
  const stored = o.id === null ? undefined : await here(work, kind, o.id)
  await thingsKnown(work.tx, around.directory, kind.fields, form, stored && JSON.parse(stored.form_json))
  if (stored && o.was && stored.form_json !== JSON.stringify(checkedForm(kind.fields, o.was)))
    throw new Refusal('changed-meanwhile', kind.code)
  const named = work.tx.selectFrom('thing').select('id').where('kind', '=', kind.id).where('code', '=', code)
  const other = await named.where('ended_at', 'is', null).executeTakeFirst()
  if (other && other.id !== o.id) throw new Refusal('name-taken', kind.code, { which: [code] })
  const row = {
    ...{ id: o.id ?? ulid(), kind: kind.id, code, form_json: JSON.stringify(form) },
    ...{ made_at: stored?.made_at ?? work.at, ended_at: null },
  }
  if (stored) await work.tx.updateTable('thing').set(row).where('id', '=', row.id).execute()
  else await work.tx.insertInto('thing').values(row).execute()
  const detail = stored ? { was: JSON.parse(stored.form_json), is: form } : { is: form }
  await writeHistory(work, { record: thingRecord(row.id), verb: stored ? 'change' : 'add', detail })
  await audit(work.tx, work.at, work.actor, stored ? 'thing-changed' : 'thing-added', row.id, { kind: kind.id, code })
  return thingOf(row)
}

const here = async (work: Work, kind: ThingKind, id: string) => {
  const row = await work.tx.selectFrom('thing').selectAll().where('id', '=', id).where('kind', '=', kind.id).executeTakeFirst()
  if (!row || row.ended_at !== null) throw new Refusal('unknown-thing', 'id')
  return row
}

/** There is none of it any more. What is lent or reserved first comes to its end. */
export const endThing = async (
  work: Work,
  around: Around,
  kindId: string,
  id: string,
  doer: { roles: readonly Role[] },
): Promise<void> => {
  const kind = thingKind(around.manual, kindId)
  mayKeep(kind, doer)
  const row = await here(work, kind, id)
  const [lent, reserved] = await Promise.all([
    work.tx
      .selectFrom('open_object')
      .innerJoin('register_entry', 'register_entry.id', 'open_object.entry')
      .select('entry')
      .where('value', '=', id)
      .where('closed_at', 'is', null)
      .limit(1)
      .execute(),
    work.tx
      .selectFrom('reservation')
      .select('case_id')
      .where('resource', '=', id)
      .where('to_at', '>', work.at)
      .limit(1)
      .execute(),
  ])
  if (lent.length + reserved.length > 0) throw new Refusal('thing-in-use', 'id')
  await work.tx.updateTable('thing').set({ ended_at: work.at }).where('id', '=', id).execute()
  await writeHistory(work, { record: thingRecord(id), verb: 'remove', detail: { was: JSON.parse(row.form_json) } })
  await audit(work.tx, work.at, work.actor, 'thing-removed', id, { kind: kind.id, code: row.code })
  await touch(work, around)
}

/** Refuses a form that names a thing or device that there is none of (any more); what stood there before may stay. */
export const thingsKnown = async (
  db: BooksReader,
  { site }: Pick<Directory, 'site'>,
  fields: readonly Field[],
  form: Form,
  before: Form = {},
): Promise<void> => {
  for (const f of fields) {
    const id = form[f.key]
    if (id === undefined || id === before[f.key]) continue
    if (f.kind === 'device' && !site.devices.some(d => d.id === id)) throw new Refusal('unknown-thing', f.key)
    if (f.kind !== 'thing') continue
    const row = db
      .selectFrom('thing')
      .select('id')
      .where('id', '=', String(id))
      .where('kind', '=', f.things ?? '')
    if (!(await row.where('ended_at', 'is', null).executeTakeFirst())) throw new Refusal('unknown-thing', f.key)
  }
}
