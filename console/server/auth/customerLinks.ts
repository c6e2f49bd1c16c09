import type { Selectable } from 'kysely'
import { Refusal } from '#api/errors'
import type { CustomerLink } from '#api/models/selfService'
import type { BooksReader } from '../books/books.ts'
import type { Books } from '../books/schema.ts'
import { hashOfToken } from './proofs.ts'

export type LinkRow = Selectable<Books['customer_link']>

/** The link that a token opens; throws for one that was withdrawn, or never made. */
export const linkOf = async (db: BooksReader, kind: CustomerLink['kind'], token: string): Promise<LinkRow> => {
  const row = await db.selectFrom('customer_link').selectAll().where('token_hash', '=', hashOfToken(token)).executeTakeFirst()
  if (row?.kind !== kind || row.withdrawn_at !== null) throw new Refusal('unknown-link', 'token')
  return row
}

/** A contact of a tenant, as he stands in its file now. `link`: the one that he has come by; `mayOrder`: the tenant has named him for paid services. */
export type Contact = { tenant: string; name: string; phone: string }
export type LinkedContact = Contact & { link: string; mayOrder: boolean }

export const contactIn = (db: BooksReader, tenant: string, contact: string) =>
  db
    .selectFrom('tenant_contact')
    .select(['name', 'phone', 'may_json'])
    .where('tenant_id', '=', tenant)
    .where('name', '=', contact)
    .executeTakeFirst()

/** Whose link it is; whoever stands in the file no longer has none. */
export const contactOf = async (db: BooksReader, token: string): Promise<LinkedContact> => {
  const { id: link, tenant_id: tenant, contact } = await linkOf(db, 'contact', token)
  const known = await contactIn(db, tenant ?? '', contact ?? '')
  if (!known) throw new Refusal('unknown-link', 'token')
  const { name, phone, may_json } = known
  return { tenant: tenant ?? '', name, phone, link, mayOrder: (JSON.parse(may_json) as string[]).includes('order') }
}
