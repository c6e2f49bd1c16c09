import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { SealView } from '#api/models/tenants'
import { accountIdOf, audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { writeHistory } from '../books/history.ts'
import type { Work } from '../books/unitOfWork.ts'

/** The specimen seals of a tenant: a note that lets goods out is held against them (R56 与预留印鉴核对一致). */

/** A record of its own: whoever changes the file of a tenant meanwhile does not undo anything by it. */
export const sealRecord = (tenant: string) => `seals/${tenant}`
const mostSeals = 12

/** Those that hold first; latest first. */
export const sealsOf = async (db: BooksReader, tenant: string): Promise<SealView[]> => {
  const rows = await db
    .selectFrom('specimen_seal')
    .selectAll()
    .where('tenant_id', '=', tenant)
    .orderBy(e => e.case().when('withdrawn_at', 'is', null).then(0).else(1).end())
    .orderBy('at', 'desc')
    .execute()
  return rows.map(r => ({ id: r.id, name: r.name, type: r.type, at: r.at, by: r.by_user, withdrawnAt: r.withdrawn_at }))
}

export const sealIn = (db: BooksReader, id: string) =>
  db.selectFrom('specimen_seal').selectAll().where('id', '=', id).executeTakeFirst()

/** Refuses whoever would get one seal too many, or is not known here: before a file of it is kept. */
export const mayAddSeal = async (db: BooksReader, tenant: string): Promise<void> => {
  const known = await db.selectFrom('tenant').select('id').where('id', '=', tenant).executeTakeFirst()
  if (!known) throw new Refusal('unknown-tenant', 'id')
  const held = (await sealsOf(db, tenant)).filter(s => s.withdrawnAt === null)
  if (held.length >= mostSeals) throw new Refusal('too-many-seals', 'file')
}

/** A file that is kept already becomes a specimen seal. */
export const addSeal = async (
  work: Work,
  tenant: string,
  file: { name: string; type: string; bytes: number; sha256: string },
): Promise<void> => {
  const { tx, at, actor } = work
  await mayAddSeal(tx, tenant)
  await tx
    .insertInto('specimen_seal')
    .values({ id: ulid(), tenant_id: tenant, ...file, at, by_user: actor.display, by_id: accountIdOf(actor), withdrawn_at: null })
    .execute()
  await writeHistory(work, { record: sealRecord(tenant), verb: 'add', note: file.name, detail: { sha256: file.sha256 } })
  await audit(tx, at, actor, 'seal-added', tenant, { name: file.name })
}

/** It holds no more; what was let out by it can still be held against it. */
export const withdrawSeal = async (work: Work, tenant: string, id: string): Promise<void> => {
  const seal = await sealIn(work.tx, id)
  if (!seal || seal.tenant_id !== tenant || seal.withdrawn_at !== null) throw new Refusal('unknown-attachment', 'seal')
  await work.tx.updateTable('specimen_seal').set({ withdrawn_at: work.at }).where('id', '=', id).execute()
  await writeHistory(work, {
    ...{ record: sealRecord(tenant), verb: 'withdraw', note: seal.name, detail: { sha256: seal.sha256 } },
  })
  await audit(work.tx, work.at, work.actor, 'seal-withdrawn', tenant, { name: seal.name })
}
