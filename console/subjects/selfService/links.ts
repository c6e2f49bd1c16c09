import { randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { CustomerLink } from '#api/models/selfService'
import { contactIn, type LinkRow } from '../../server/auth/customerLinks.ts'
import { hashOfToken } from '../../server/auth/proofs.ts'
import { accountIdOf, audit } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Directory } from '../../server/site/directory.ts'

/** 192 bits, as it stands in an address. */
const newToken = () => randomBytes(24).toString('base64url')

export const customerLinks = async (db: BooksReader): Promise<CustomerLink[]> => {
  const rows = await db.selectFrom('customer_link').selectAll().orderBy('made_at', 'desc').orderBy('id', 'desc').execute()
  return rows.map(r => ({
    ...{ id: r.id, kind: r.kind as CustomerLink['kind'], code: r.code, unit: r.unit, tenant: r.tenant_id, contact: r.contact },
    ...{ madeAt: r.made_at, madeBy: r.made_by, withdrawnAt: r.withdrawn_at },
  }))
}

const keep = async (work: Work, row: Partial<LinkRow> & Pick<LinkRow, 'kind'>): Promise<{ id: string; token: string }> => {
  const [id, token] = [ulid(), newToken()]
  const by = { made_at: work.at, made_by: work.actor.display, made_by_id: accountIdOf(work.actor) }
  const none = { unit: null, tenant_id: null, contact: null }
  const open = { withdrawn_at: null, withdrawn_by: null, withdrawn_by_id: null }
  const code = row.kind === 'plate' ? token : null
  await work.tx
    .insertInto('customer_link')
    .values({ ...none, ...row, ...by, ...open, id, code, token_hash: hashOfToken(token) })
    .execute()
  await audit(work.tx, work.at, work.actor, 'customer-link-made', row.unit ?? row.tenant_id ?? '', { kind: row.kind, link: id })
  return { id, token }
}

/** A plate for a door. One that hung there before goes on until it is withdrawn. */
export const makePlate = (work: Work, directory: Directory, unit: string) => {
  if (!directory.units.some(u => u.id === unit)) throw new Refusal('unknown-unit', 'unit')
  return keep(work, { kind: 'plate', unit })
}

/** A link for one of a tenant's contacts, as he stands in its file; one that he had before is withdrawn with it. */
export const makeContactLink = async (work: Work, tenant: string, contact: string) => {
  const known = await contactIn(work.tx, tenant, contact)
  if (!known) throw new Refusal('not-found', 'contact')
  const had = work.tx.selectFrom('customer_link').select('id').where('tenant_id', '=', tenant).where('contact', '=', contact)
  for (const { id } of await had.where('withdrawn_at', 'is', null).execute()) await withdraw(work, id)
  return keep(work, { kind: 'contact', tenant_id: tenant, contact: known.name })
}

export const withdraw = async (work: Work, id: string): Promise<void> => {
  const row = await work.tx.selectFrom('customer_link').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-link', 'id')
  if (row.withdrawn_at !== null) throw new Refusal('already-done', 'id')
  const by = { withdrawn_at: work.at, withdrawn_by: work.actor.display, withdrawn_by_id: accountIdOf(work.actor) }
  await work.tx.updateTable('customer_link').set(by).where('id', '=', id).execute()
  await audit(work.tx, work.at, work.actor, 'customer-link-withdrawn', row.unit ?? row.tenant_id ?? '', { link: id })
}
