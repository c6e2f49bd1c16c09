import { randomBytes } from 'node:crypto'
import type { Role } from '#api/rights'
import { accountIdOf, audit } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import { accountsIn, rolesOf } from '../books/persons.ts'
import type { Work } from '../books/unitOfWork.ts'
import { hashOfToken } from './proofs.ts'

/** The secret address of somebody's agenda: whoever has it sees his shifts and bookings, and nothing else, until he makes another or turns it off. */

export const madeAt = async (db: BooksReader, person: string): Promise<number | null> =>
  (await db.selectFrom('agenda_address').select('made_at').where('person_id', '=', person).executeTakeFirst())?.made_at ?? null

export const makeAddress = async (work: Work): Promise<string> => {
  const token = randomBytes(24).toString('base64url')
  const person_id = accountIdOf(work.actor) ?? ''
  const row = { token_hash: hashOfToken(token), made_at: work.at }
  await work.tx
    .insertInto('agenda_address')
    .values({ person_id, ...row })
    .onConflict(c => c.column('person_id').doUpdateSet(row))
    .execute()
  await audit(work.tx, work.at, work.actor, 'agenda-address-made', person_id)
  return token
}

export const dropAddress = async (work: Work): Promise<void> => {
  const person = accountIdOf(work.actor) ?? ''
  await work.tx.deleteFrom('agenda_address').where('person_id', '=', person).execute()
  await audit(work.tx, work.at, work.actor, 'agenda-address-off', person)
}

/** Whose it is, with what he may see today; undefined where there is no such address, or he has left. */
export const ownerOf = async (db: BooksReader, token: string): Promise<{ id: string; roles: Role[] } | undefined> => {
  const found = await db
    .selectFrom('agenda_address')
    .select('person_id')
    .where('token_hash', '=', hashOfToken(token))
    .executeTakeFirst()
  if (!found) return undefined
  const account = await accountsIn(db)
    .where('user_account.id', '=', found.person_id)
    .where('user_account.active', '=', 1)
    .executeTakeFirst()
  return account && { id: account.id, roles: rolesOf(account) }
}
