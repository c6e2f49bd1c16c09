import { sql } from 'kysely'
import { type DataGrade, type DataKind, dataKinds } from '#api/models/tenants'
import type { BooksReader } from '../books/books.ts'

/** Which data of a customer are not there yet (R51). Whoever has moved out of all that he had lacks nothing. */

/** In SQL, about the row `tenant`. */
const absent: Record<DataKind, string> = {
  phone: `not exists (select 1 from tenant_contact c where c.tenant_id = tenant.id and c.phone <> '')`,
  urgent: `not exists (select 1 from tenant_contact c where c.tenant_id = tenant.id and c.phone <> '' and c.may_json like '%"urgent"%')`,
  dates: `exists (select 1 from tenancy t where t.tenant_id = tenant.id and t.kind = 'lease' and (t.from_date is null or t.to_date is null))`,
  seal: 'not exists (select 1 from specimen_seal s where s.tenant_id = tenant.id and s.withdrawn_at is null)',
}
const isHere = (date: string) =>
  sql<boolean>`(not exists (select 1 from tenancy h where h.tenant_id = tenant.id)
    or exists (select 1 from tenancy h where h.tenant_id = tenant.id and (h.to_date is null or h.to_date >= ${date})))`
const isAbsent = (kind: DataKind) => sql<boolean>`${sql.raw(absent[kind])}`
const either = (kinds: readonly DataKind[]) => sql.join(kinds.map(isAbsent), sql` or `)

export type Grades = Readonly<Record<DataKind, DataGrade>>
const ofGrade = (grades: Grades, grade: DataGrade) => dataKinds.filter(k => grades[k] === grade)

/** Those who have not moved out by a date and lack something of grade 1. */
export const lackingTenants = (db: BooksReader, date: string, grades: Grades) => {
  const kinds = ofGrade(grades, 'first')
  const none = db.selectFrom('tenant').select('id').where(isHere(date))
  return kinds.length === 0 ? none.where(sql<boolean>`1 = 0`) : none.where(sql<boolean>`(${either(kinds)})`)
}

/** What each of some lacks, by his number: whatever has a grade here. */
export const lacksOf = async (
  db: BooksReader,
  ids: readonly string[],
  date: string,
  grades: Grades,
): Promise<ReadonlyMap<string, DataKind[]>> => {
  const kinds = dataKinds.filter(k => grades[k] !== 'none')
  if (ids.length === 0) return new Map()
  const lacking = async (kind: DataKind) => {
    const rows = await db
      .selectFrom('tenant')
      .select('id')
      .where('id', 'in', [...ids])
      .where(isHere(date))
      .where(isAbsent(kind))
      .execute()
    return new Set(rows.map(r => r.id))
  }
  const by = await Promise.all(kinds.map(async kind => ({ kind, of: await lacking(kind) })))
  return new Map(ids.map(id => [id, by.filter(x => x.of.has(id)).map(x => x.kind)]))
}
