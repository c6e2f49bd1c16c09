import type { BooksReader } from '../books/books.ts'

/** Who is here, by their short names, each with whom the desk calls. */
export const tenantsIn = async (db: BooksReader) => {
  const rows = await db
    .selectFrom('tenant')
    .leftJoin('tenant_contact', j => j.onRef('tenant_contact.tenant_id', '=', 'tenant.id').on('tenant_contact.position', '=', 0))
    .select(['tenant.id', 'tenant.name', 'tenant.short', 'tenant_contact.name as contact', 'tenant_contact.phone'])
    .orderBy('tenant.short')
    .execute()
  return rows.map(r => ({ ...r, contact: r.contact ?? '', phone: r.phone ?? '' }))
}
