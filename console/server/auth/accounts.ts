import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { PasswordChange, User } from '#api/models/people'
import { passwordFault } from '#api/passwordRule'
import type { Role } from '#api/rights'
import { storeFailed } from '#store/openStore'
import type { BooksStore, BooksTx } from '../books/books.ts'
import { accountsIn, postName, rolesOf, writtenName } from '../books/persons.ts'

/** Wrong passwords before the same name from the same address has to wait, and for how long (seconds). */
const wrongTries = 5
const triesPerStation = 60
const windowS = 60
const blockS = 30
export const sessionMs = 12 * 3_600_000
/** seen_at is written at most this often; the rest of sliding is in memory of the request. */
const touchMs = 60_000
/** A session that could not be touched is tried again after this. */
const againMs = 10_000

export const cookieName = 'zhiban_session'
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

export type NewAccount = {
  name: string
  display: string
  post: string
  roles: readonly Role[]
  password: string
  /** To be changed before anything else. */
  oneTime?: boolean
}
export type Accounts = {
  signIn(name: string, password: string, station: string): Promise<{ token: string; user: User }>
  signOut(token: string): Promise<void>
  /** The user behind a cookie's token, or undefined; keeps the session alive. */
  userOf(token: string | undefined): Promise<User | undefined>
  /** Refuses what is not the old password or no good one; the person's other sessions end. `noted` is written with it. */
  changePassword(
    user: User,
    sent: PasswordChange,
    from: { token: string; station: string },
    noted: (tx: BooksTx) => unknown,
  ): Promise<User>
  add(u: NewAccount): Promise<void>
  /** Gives an account another password, to be changed first of all, and ends its sessions. `noted` is written with it; false where nobody has that name. */
  resetPassword(name: string, password: string, noted: (tx: BooksTx) => unknown): Promise<boolean>
  /** Whether this password, which somebody else has made, is the one that an account still has. */
  hasOneTime(name: string, password: string): Promise<boolean>
  count(): Promise<number>
  /** With which people sign in. */
  names(): Promise<string[]>
}

/** `one_time`: since when an account has a password that somebody else has made; null once the person has chosen one. */
export const withPasswordDue = (accounts: ReturnType<typeof accountsIn>) =>
  accounts
    .leftJoin('one_time_password', 'one_time_password.user_id', 'user_account.id')
    .select('one_time_password.made_at as one_time')

/** 96 bits, in characters that are read from a screen and typed. */
export const newPassword = () => randomBytes(12).toString('base64url')
export const hashedPassword = (password: string): Promise<string> => hash(password)

/** Takes the place of an account's password until the person chooses one himself; his sessions end. `hashed`: of hashedPassword. */
export const giveOneTimePassword = async (tx: BooksTx, id: string, hashed: string) => {
  await setPassword(tx, id, hashed)
  await tx.insertInto('one_time_password').values({ user_id: id, made_at: Date.now() }).execute()
  await tx.deleteFrom('session').where('user_id', '=', id).execute()
}

/** Takes the place of an account's password; one that the person has chosen himself is no one-time password any more. */
const setPassword = async (tx: BooksTx, id: string, password: string) => {
  await tx.updateTable('user_account').set({ password }).where('id', '=', id).execute()
  await tx.deleteFrom('one_time_password').where('user_id', '=', id).execute()
}

/**
 * Users and sessions: argon2id passwords, 256-bit opaque tokens of which only the SHA-256 is stored. Sessions slide
 * on real time, not on the demo's clock, which may run a day in minutes.
 */
export const openAccounts = async (books: BooksStore): Promise<Accounts> => {
  const limiter = new RateLimiterMemory({ points: wrongTries, duration: windowS, blockDuration: blockS })
  const perStation = new RateLimiterMemory({ points: triesPerStation, duration: windowS, blockDuration: blockS })
  // A wrong name must cost as much time as a wrong password, or names could be found out by it.
  const decoy = await hash(randomBytes(16).toString('hex'))
  /** Sessions begun while the books could not be written: whoever must look after a fire is let in. They last as long as the console. */
  const unwritten = new Map<string, { user_id: string; seen_at: number }>()
  /** When sessions were seen last that could not be written yet. */
  const seen = new Map<string, number>()
  const accounts = () => withPasswordDue(accountsIn(books.read)).where('user_account.active', '=', 1)
  type Account = Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirstOrThrow']>>
  const asUser = (row: Account): User => ({
    id: row.id,
    name: row.name,
    display: writtenName(row),
    post: postName(row),
    postId: row.post,
    roles: rolesOf(row),
    passwordDue: row.one_time !== null,
  })
  const slowedDown = (res: RateLimiterRes) =>
    new Refusal('slow-down', 'password', { retryAfterS: Math.ceil(res.msBeforeNext / 1000) })

  /** Nobody waits for it, and while it cannot be written sessions go on as they are. */
  const touch = (token_hash: string, now: number) => {
    if (now - (seen.get(token_hash) ?? 0) < againMs) return
    seen.set(token_hash, now)
    books
      .write(tx => tx.updateTable('session').set({ seen_at: now }).where('token_hash', '=', token_hash).execute())
      .then(
        () => seen.delete(token_hash),
        () => {},
      )
  }

  /** The account behind a name and its password; refuses others, and whoever guesses. */
  const proven = async (name: string, password: string, station: string): Promise<Account> => {
    const key = `${name.toLowerCase()}|${station}`
    // Taken before the password is looked at, so that a burst of guesses does not slip through together.
    for (const [l, k] of [
      [limiter, key],
      [perStation, station],
    ] as const)
      await l.consume(k).catch(res => {
        throw slowedDown(res as RateLimiterRes)
      })
    const row = await accounts().where('user_account.name', '=', name).executeTakeFirst()
    const right = await verify(row?.password ?? decoy, password)
    if (!row || !right) throw new Refusal('wrong-password', 'password')
    await Promise.all([limiter.delete(key), perStation.reward(station)])
    return row
  }

  return {
    async signIn(name, password, station) {
      const row = await proven(name, password, station)
      const token = randomBytes(32).toString('base64url')
      const now = Date.now()
      const session = { token_hash: hashOf(token), user_id: row.id, created_at: now, seen_at: now, station }
      const written = books.write(async tx => {
        await tx.insertInto('session').values(session).execute()
        await tx
          .deleteFrom('session')
          .where('seen_at', '<', now - sessionMs)
          .execute()
      })
      await written.catch(error => {
        if (!storeFailed(error)) throw error
        unwritten.set(session.token_hash, session)
      })
      return { token, user: asUser(row) }
    },
    async signOut(token) {
      if (unwritten.delete(hashOf(token))) return
      await books.write(tx => tx.deleteFrom('session').where('token_hash', '=', hashOf(token)).execute())
    },
    async userOf(token) {
      if (!token) return undefined
      const inMemory = unwritten.get(hashOf(token))
      if (inMemory) {
        const account = await accounts().where('user_account.id', '=', inMemory.user_id).executeTakeFirst()
        return account && inMemory.seen_at >= Date.now() - sessionMs ? asUser(account) : undefined
      }
      const row = await accounts()
        .innerJoin('session', 'session.user_id', 'user_account.id')
        .select(['session.seen_at', 'session.token_hash'])
        .where('session.token_hash', '=', hashOf(token))
        .executeTakeFirst()
      const now = Date.now()
      if (!row || Math.max(row.seen_at, seen.get(row.token_hash) ?? 0) < now - sessionMs) return undefined
      if (row.seen_at < now - touchMs) touch(row.token_hash, now)
      return asUser(row)
    },
    async changePassword(user, { old, chosen }, { token, station }, noted) {
      const { id, name } = await proven(user.name, old, station).catch(error => {
        throw error instanceof Refusal ? new Refusal(error.code, 'old', error.detail) : error
      })
      const fault = passwordFault(chosen, { name, old })
      if (fault) throw new Refusal(fault, 'chosen')
      const password = await hash(chosen)
      await books.write(async tx => {
        await setPassword(tx, id, password)
        await tx.deleteFrom('session').where('user_id', '=', id).where('token_hash', '!=', hashOf(token)).execute()
        await noted(tx)
      })
      for (const [held, session] of unwritten) if (session.user_id === id && held !== hashOf(token)) unwritten.delete(held)
      return { ...user, passwordDue: false }
    },
    async add(u) {
      const password = await hash(u.password)
      const { name, display, post } = u
      const id = ulid()
      await books.write(async tx => {
        await tx
          .insertInto('user_account')
          .values({ id, name, display, post, roles_json: JSON.stringify(u.roles), password, active: 1 })
          .execute()
        if (u.oneTime) await giveOneTimePassword(tx, id, password)
      })
    },
    async resetPassword(name, password, noted) {
      const row = await accounts().where('user_account.name', '=', name).executeTakeFirst()
      if (!row) return false
      const hashed = await hash(password)
      await books.write(async tx => {
        await giveOneTimePassword(tx, row.id, hashed)
        await noted(tx)
      })
      return true
    },
    async hasOneTime(name, password) {
      const row = await accounts().where('user_account.name', '=', name).executeTakeFirst()
      return row !== undefined && row.one_time !== null && verify(row.password, password)
    },
    async names() {
      return (await accounts().orderBy('user_account.name').execute()).map(r => r.name)
    },
    async count() {
      const row = await books.read
        .selectFrom('user_account')
        .select(e => e.fn.countAll().as('n'))
        .executeTakeFirst()
      return Number(row?.n ?? 0)
    },
  }
}

export const tokenOf = (cookieHeader: string | undefined): string | undefined =>
  cookieHeader
    ?.split(';')
    .map(part => part.trim().split('='))
    .find(([name]) => name === cookieName)?.[1]
