import type { BooksReader } from '../books/books.ts'

/** Who is here, by their short names, each with whom the desk calls; all of them, or some. */
export const tenantsIn = async (db: BooksReader, ids?: readonly string[]) => {
  const rows = await db
    .selectFrom('tenant')
    .leftJoin('tenant_contact', j => j.onRef('tenant_contact.tenant_id', '=', 'tenant.id').on('tenant_contact.position', '=', 0))
    .select(['tenant.id', 'tenant.name', 'tenant.short', 'tenant_contact.name as contact', 'tenant_contact.phone'])
    .$if(ids !== undefined, q => q.where('tenant.id', 'in', [...(ids ?? [])]))
    .orderBy('tenant.short')
    .execute()
  return rows.map(r => ({ ...r, contact: r.contact ?? '', phone: r.phone ?? '' }))
}
