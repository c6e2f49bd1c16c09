import { sql } from 'kysely'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { ContactMay, TenantFile, TenantFiles, TenantView } from '#api/models/tenants'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistories } from '../books/history.ts'
import { inParts } from '../books/inParts.ts'
import type { Kept } from '../books/schema.ts'
import type { Work } from '../books/unitOfWork.ts'
import { firstOverlap, isBackwards } from '../domain/dateRanges.ts'
import { indexRecords, search } from '../search/searchBook.ts'
import type { Directory } from '../site/directory.ts'
import { tenanciesOn } from '../site/tenancies.ts'
import { type Grades, lackingTenants, lacksOf } from './lacks.ts'

/** The files of tenants and owners (R51). Their record in the history is `tenant/` and their number. */

export const tenantRecord = (id: string) => `tenant/${id}`
const findable = 'tenant'
const mostFound = 200

/** The numbers of those whom these words find: by names, pinyin, telephone, unit. */
export const findTenants = async (db: BooksReader, q: string, kept: Kept, limit: number): Promise<string[]> =>
  (await search(db, q, [findable], kept, limit)).map(f => f.number)

/** All of them, or some, by their short names. */
export const tenantFilesIn = async (db: BooksReader, ids?: readonly string[]): Promise<TenantView[]> => {
  if (ids?.length === 0) return []
  const some = ids === undefined ? undefined : [...ids]
  const [tenants, contacts, tenancies] = await Promise.all([
    db
      .selectFrom('tenant')
      .selectAll('tenant')
      .select(e =>
        e
          .selectFrom('history')
          .select(h => h.fn.max('n').as('n'))
          .where('record', '=', sql<string>`'tenant/' || tenant.id`)
          .as('revision'),
      )
      .$if(some !== undefined, q => q.where('tenant.id', 'in', some ?? []))
      .orderBy('tenant.short')
      .orderBy('tenant.id')
      .execute(),
    db
      .selectFrom('tenant_contact')
      .selectAll()
      .$if(some !== undefined, q => q.where('tenant_id', 'in', some ?? []))
      .orderBy('position')
      .execute(),
    db
      .selectFrom('tenancy')
      .selectAll()
      .$if(some !== undefined, q => q.where('tenant_id', 'in', some ?? []))
      .orderBy('unit')
      .orderBy('from_date')
      .execute(),
  ])
  const files = new Map<string, TenantView>(
    tenants.map(({ key_customer, revision, ...t }) => [
      t.id,
      { ...t, key: key_customer === 1, contacts: [], tenancies: [], revision: revision ?? 0 },
    ]),
  )
  for (const { name, phone, may_json, tenant_id } of contacts)
    files.get(tenant_id)?.contacts.push({ name, phone, may: JSON.parse(may_json) as ContactMay[] })
  for (const { unit, kind, from_date: from, to_date: to, tenant_id } of tenancies)
    files.get(tenant_id)?.tenancies.push({ unit, kind, from, to })
  return [...files.values()]
}

type Wish = { q: string; lacking: boolean; date: string; kept: Kept; grades: Grades }
/** Those that a search finds, or the first of all; what they lack; and how many of the site's units are let on a date. */
export const tenantList = async (db: BooksReader, directory: Directory, wish: Wish): Promise<TenantFiles> => {
  const { q, date, kept, grades } = wish
  const lacking = lackingTenants(db, date, grades)
  const named = q.trim() === '' ? undefined : await findTenants(db, q, kept, mostFound)
  const chosen = db
    .selectFrom('tenant')
    .$if(named !== undefined, x => x.where('id', 'in', named ?? []))
    .$if(wish.lacking, x => x.where('id', 'in', lacking))
  const [rows, found, lack, taken] = await Promise.all([
    chosen.select('id').orderBy('short').orderBy('id').limit(mostFound).execute(),
    chosen.select(e => e.fn.countAll().as('n')).executeTakeFirstOrThrow(),
    db
      .selectFrom(lacking.as('l'))
      .select(e => e.fn.countAll().as('n'))
      .executeTakeFirstOrThrow(),
    tenanciesOn(db, date).select('unit').distinct().execute(),
  ])
  const ids = rows.map(r => r.id)
  const [files, lacks] = await Promise.all([tenantFilesIn(db, ids), lacksOf(db, ids, date, grades)])
  const units = new Set(directory.units.map(u => u.id))
  return {
    found: Number(found.n),
    files: files.map(f => ({ ...f, lacks: lacks.get(f.id) ?? [] })),
    lacking: Number(lack.n),
    grades,
    units: { all: units.size, let: taken.filter(t => units.has(t.unit)).length },
  }
}

/** What a file must hold by itself; throws what does not. */
const mustHold = (directory: Directory, t: TenantFile) => {
  for (const x of t.tenancies) {
    if (directory.unitOfPlace(x.unit) !== x.unit) throw new Refusal('unknown-unit', 'tenancies', { which: [x.unit] })
    if (isBackwards(x)) throw new Refusal('dates-backwards', 'tenancies', { which: [directory.placeName(x.unit)] })
  }
}

/** Of those who share a day in a unit, one was there before: nobody is moved out by somebody else's file. */
const mustBeFree = async (work: Work, directory: Directory, files: readonly TenantFile[]) => {
  const saved = new Set(files.map(f => f.id))
  const wished = files.flatMap(f => f.tenancies.map(t => ({ ...t, tenant: f.id })))
  const units = [...new Set(wished.map(t => t.unit))]
  const standing: typeof wished = []
  for (const part of inParts(units)) {
    const rows = await work.tx.selectFrom('tenancy').selectAll().where('unit', 'in', part).execute()
    for (const r of rows.filter(x => !saved.has(x.tenant_id)))
      standing.push({ unit: r.unit, kind: r.kind, from: r.from_date, to: r.to_date, tenant: r.tenant_id })
  }
  const of = new Map<string, typeof wished>()
  for (const t of [...standing, ...wished]) of.set(`${t.kind} ${t.unit}`, [...(of.get(`${t.kind} ${t.unit}`) ?? []), t])
  for (const ranges of of.values()) {
    const clash = firstOverlap(ranges)
    if (clash) throw new Refusal('unit-taken', 'tenancies', { which: [directory.placeName(clash[0].unit), clash[0].tenant] })
  }
}

/** Stores files, new ones and changed ones, with the history of each. `before`: as they are stored; what is not in it is new. */
export const saveTenants = async (
  work: Work,
  directory: Directory,
  files: readonly TenantFile[],
  before: ReadonlyMap<string, TenantFile>,
): Promise<void> => {
  for (const f of files) mustHold(directory, f)
  work.touched.site = true
  await mustBeFree(work, directory, files)
  const { tx } = work
  const rowOf = (f: TenantFile) => ({
    ...{ id: f.id, name: f.name, short: f.short },
    ...{ key_customer: f.key ? 1 : 0, restriction: f.restriction },
  })
  for (const part of inParts(files)) {
    const ids = part.map(f => f.id)
    await tx
      .insertInto('tenant')
      .values(part.map(rowOf))
      .onConflict(c =>
        c.column('id').doUpdateSet(e => ({
          name: e.ref('excluded.name'),
          short: e.ref('excluded.short'),
          key_customer: e.ref('excluded.key_customer'),
          restriction: e.ref('excluded.restriction'),
        })),
      )
      .execute()
    await tx.deleteFrom('tenant_contact').where('tenant_id', 'in', ids).execute()
    await tx.deleteFrom('tenancy').where('tenant_id', 'in', ids).execute()
  }
  const contacts = files.flatMap(f =>
    f.contacts.map((c, position) => ({
      ...{ tenant_id: f.id, position, name: c.name, phone: c.phone },
      may_json: JSON.stringify([...new Set(c.may)]),
    })),
  )
  for (const part of inParts(contacts)) await tx.insertInto('tenant_contact').values(part).execute()
  const tenancies = files.flatMap(f =>
    f.tenancies.map(({ unit, kind, from, to }) => ({ id: ulid(), tenant_id: f.id, unit, kind, from_date: from, to_date: to })),
  )
  for (const part of inParts(tenancies)) await tx.insertInto('tenancy').values(part).execute()
  await indexTenants(work, directory, files)
  await writeHistories(
    work,
    files.map(f => {
      const was = before.get(f.id)
      const is = said(f)
      return { record: tenantRecord(f.id), verb: was ? 'change' : 'add', detail: was ? { was: said(was), is } : { is } }
    }),
  )
}

/** What a file says, for its history. */
const said = ({ id, name, short, key, restriction, contacts, tenancies }: TenantFile): TenantFile => ({
  ...{ id, name, short, key, restriction, contacts, tenancies },
})

export const indexTenants = (
  work: Pick<Work, 'tx' | 'at'>,
  directory: Pick<Directory, 'placeName'>,
  files: readonly TenantFile[],
) =>
  indexRecords(
    work,
    files.map(f => ({
      ...{ record: tenantRecord(f.id), kind: findable, number: f.id, at: work.at },
      words: [
        ...[f.name, f.short],
        ...f.contacts.flatMap(c => [c.name, c.phone]),
        ...f.tenancies.map(t => directory.placeName(t.unit).zh),
      ],
    })),
  )

/** Makes those findable that were taken over from books without an index of tenants. */
export const indexOlderTenants = async (work: Pick<Work, 'tx' | 'at'>, directory: Directory): Promise<void> => {
  const indexed = work.tx.selectFrom('search_index').select('number').where('kind', '=', findable)
  const rows = await work.tx.selectFrom('tenant').select('id').where('id', 'not in', indexed).execute()
  for (const part of inParts(rows)) {
    const ids = part.map(r => r.id)
    await indexTenants(work, directory, await tenantFilesIn(work.tx, ids))
  }
}

/** Adds one, or changes one as it was at a revision. */
export const saveTenant = async (work: Work, directory: Directory, file: TenantFile, seen: 'new' | number): Promise<void> => {
  const [was] = await tenantFilesIn(work.tx, [file.id])
  if (seen === 'new' && was) throw new Refusal('number-taken', 'id')
  if (seen !== 'new' && !was) throw new Refusal('unknown-tenant', 'id')
  if (was && was.revision !== seen) throw new Refusal('changed-meanwhile', 'revision')
  await saveTenants(work, directory, [file], new Map(was ? [[was.id, was]] : []))
  await audit(work.tx, work.at, work.actor, was ? 'tenant-changed' : 'tenant-added', file.id)
}
