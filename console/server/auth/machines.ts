import { randomBytes } from 'node:crypto'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { Machine, MachineBody } from '#api/models/machines'
import type { User } from '#api/models/people'
import type { Right } from '#api/rights'
import { audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { Work } from '../books/unitOfWork.ts'
import { hashOfToken } from './proofs.ts'

/** Programs of others: each with the rights that somebody has chosen, until a day. They read; nobody acts in their name. */

const dayMs = 86_400_000

export const machinesIn = async (db: BooksReader): Promise<Machine[]> => {
  const rows = await db.selectFrom('machine').selectAll().orderBy('made_at', 'desc').orderBy('id').execute()
  return rows.map(r => ({
    id: r.id,
    name: r.name,
    rights: JSON.parse(r.rights_json) as Machine['rights'],
    madeAt: r.made_at,
    endsAt: r.ends_at,
    revokedAt: r.revoked_at,
  }))
}

/** Returns its token: 256 bits, stored as a hash only. `now`: real time, by which it ends. */
export const letMachineIn = async (work: Work, { name, rights, days }: MachineBody, now: number): Promise<string> => {
  const token = `zb_${randomBytes(32).toString('base64url')}`
  const row = { id: ulid(), name, token_hash: hashOfToken(token), rights_json: JSON.stringify([...new Set(rights)]) }
  await work.tx
    .insertInto('machine')
    .values({ ...row, made_at: now, ends_at: now + days * dayMs })
    .execute()
  await audit(work.tx, work.at, work.actor, 'machine-added', name, { rights, days })
  return token
}

export const takeMachineBack = async (work: Work, id: string, now: number): Promise<void> => {
  const row = await work.tx.selectFrom('machine').select(['name', 'revoked_at']).where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('unknown-person', 'id')
  if (row.revoked_at !== null) throw new Refusal('already-over', 'id')
  await work.tx.updateTable('machine').set({ revoked_at: now }).where('id', '=', id).execute()
  await audit(work.tx, work.at, work.actor, 'machine-removed', row.name)
}

/** Who asks with a token, as a user without any role, and what he may; undefined where the token is of no use (any more). */
export const machineOf = async (
  db: BooksReader,
  authorization: string,
  now: number,
): Promise<{ user: User; rights: readonly Right[] } | undefined> => {
  const token = /^Bearer (zb_[\w-]{43})$/.exec(authorization)?.[1]
  if (token === undefined) return undefined
  const row = await db.selectFrom('machine').selectAll().where('token_hash', '=', hashOfToken(token)).executeTakeFirst()
  if (!row || row.revoked_at !== null || row.ends_at <= now) return undefined
  const as = {
    id: `machine/${row.id}`,
    name: row.name,
    display: row.name,
    post: { zh: '机器', en: 'machine' },
    postId: 'machine',
  }
  return {
    user: { ...as, roles: [], passwordDue: false, locked: false, vouched: false },
    rights: JSON.parse(row.rights_json) as Right[],
  }
}
