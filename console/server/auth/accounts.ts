import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { PasswordChange, PinChange, User } from '#api/models/people'
import { isEasyPin, passwordFault } from '#api/passwordRule'
import { mayDo, type Role } from '#api/rights'
import { storeFailed } from '#store/openStore'
import type { BooksStore, BooksTx } from '../books/books.ts'
import { accountsIn, postName, rolesOf, writtenName } from '../books/persons.ts'
import { dropPin, hashedPin, hashOfToken, isPin, isPinOf, openTries, setPin } from './proofs.ts'

/** Without a sign of life for so long a session is over; and so it is so long after its beginning, whatever is done in it. */
export const sessionMs = 12 * 3_600_000
const longestSessionMs = 24 * 3_600_000
/** Four digits are soon tried out by whoever has a night alone with a locked station: after so many the password is asked for. */
const mostWrongPins = 5
/** seen_at is written at most this often; the rest of sliding is in memory of the request. */
const touchMs = 60_000
/** A session that could not be touched is tried again after this. */
const againMs = 10_000
/** Whom the provider vouches for he is for so long after he has come in: then he may choose a PIN without a password. */
const justComeInMs = 600_000

export const cookieName = 'zhiban_session'

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
  /** Begins a session for an account whose person somebody else vouches for. */
  signInVouched(id: string, station: string): Promise<{ token: string; user: User }>
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
  /** From now on the session shows what goes on and lets nothing be done. */
  lock(token: string): Promise<void>
  /** By PIN or password; the session begins anew. */
  unlock(user: User, secret: string, from: { token: string; station: string }): Promise<User>
  /** Refuses what is neither the PIN nor the password of somebody who is signed in. */
  prove(user: User, secret: string, station: string): Promise<void>
  /** A PIN for whoever knows the password; an empty one takes it away. `noted` is written with it. */
  choosePin(user: User, sent: PinChange, from: { token: string; station: string }, noted: (tx: BooksTx) => unknown): Promise<void>
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
    .leftJoin('provider_identity', 'provider_identity.user_id', 'user_account.id')
    .select(e => ['one_time_password.made_at as one_time', e('provider_identity.user_id', 'is not', null).as('vouched')])

/** 96 bits, in characters that are read from a screen and typed. */
export const newPassword = () => randomBytes(12).toString('base64url')
export const hashedPassword = (password: string): Promise<string> => hash(password)

/** Takes the place of an account's password until the person chooses one himself; his sessions end. `hashed`: of hashedPassword. */
export const giveOneTimePassword = async (tx: BooksTx, id: string, hashed: string) => {
  await setPassword(tx, id, hashed)
  await dropPin(tx, id)
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
  const tries = openTries()
  // A wrong name must cost as much time as a wrong password, or names could be found out by it.
  const decoy = await hash(randomBytes(16).toString('hex'))
  /** Sessions begun while the books could not be written: whoever must look after a fire is let in. They last as long as the console. */
  const unwritten = new Map<string, Kept & { user_id: string }>()
  /** When sessions were seen last that could not be written yet. */
  const seen = new Map<string, number>()
  const accounts = () => withPasswordDue(accountsIn(books.read)).where('user_account.active', '=', 1)
  type Account = Awaited<ReturnType<ReturnType<typeof accounts>['executeTakeFirstOrThrow']>>
  const asUser = (row: Account, locked: boolean): User => ({
    id: row.id,
    name: row.name,
    display: writtenName(row),
    post: postName(row),
    postId: row.post,
    roles: rolesOf(row),
    passwordDue: row.one_time !== null,
    locked,
    vouched: Boolean(row.vouched),
  })
  /** What has happened to sessions here and may not be on the disk yet, which is taking nothing. */
  const changedHere = new Map<string, { locked: boolean; at: number }>()
  /** Wrong PINs since somebody was last right. */
  const wrongPins = new Map<string, number>()
  type Kept = { token_hash: string; created_at: number; seen_at: number; locked_at: number | null }
  /** A session past its limits is over; but where people keep watch it goes on showing, locked. */
  const stateOf = (account: Account, kept: Kept): 'open' | 'locked' | 'over' => {
    const now = Date.now()
    const here = changedHere.get(kept.token_hash)
    const begunAt = here?.locked === false ? here.at : kept.created_at
    const seenAt = Math.max(kept.seen_at, begunAt, seen.get(kept.token_hash) ?? 0)
    const past = seenAt < now - sessionMs || begunAt < now - longestSessionMs
    if (past) return mayDo(rolesOf(account), 'keep-watch') ? 'locked' : 'over'
    return (here?.locked ?? kept.locked_at !== null) ? 'locked' : 'open'
  }
  const prove = async ({ id, name }: User, secret: string, station: string) => {
    await tries.take(name, station)
    const row = await accounts().where('user_account.id', '=', id).executeTakeFirst()
    const wrong = wrongPins.get(id) ?? 0
    const byPin = isPin(secret)
    const right =
      row && ((byPin && wrong < mostWrongPins && (await isPinOf(books.read, id, secret))) || (await verify(row.password, secret)))
    if (!right) {
      if (byPin) wrongPins.set(id, wrong + 1)
      throw new Refusal(byPin && wrong >= mostWrongPins ? 'pin-tried-out' : 'wrong-password', 'proof')
    }
    wrongPins.delete(id)
    await tries.giveBack(name, station)
  }
  const lock = async (token_hash: string, locked: boolean) => {
    const now = Date.now()
    changedHere.set(token_hash, { locked, at: now })
    const change = locked ? { locked_at: now, seen_at: now } : { locked_at: null, created_at: now, seen_at: now }
    const inMemory = unwritten.get(token_hash)
    if (inMemory) Object.assign(inMemory, change)
    const written = books.write(tx => tx.updateTable('session').set(change).where('token_hash', '=', token_hash).execute())
    await written.then(
      () => changedHere.delete(token_hash),
      error => {
        if (!storeFailed(error)) throw error
      },
    )
  }
  /** Nobody waits for it, and while it cannot be written sessions go on as they are. */
  const touch = (token_hash: string, now: number) => {
    if (now - (seen.get(token_hash) ?? 0) < againMs) return
    seen.set(token_hash, now)
    books
      .write(tx => tx.updateTable('session').set({ seen_at: now }).where('token_hash', '=', token_hash).execute())
      .then(
        // What was seen meanwhile is newer, and not on the disk yet.
        () => seen.get(token_hash) === now && seen.delete(token_hash),
        () => {},
      )
  }

  /** The account behind a name and its password; refuses others, and whoever guesses. */
  const proven = async (name: string, password: string, station: string): Promise<Account> => {
    await tries.take(name, station)
    const row = await accounts().where('user_account.name', '=', name).executeTakeFirst()
    const right = await verify(row?.password ?? decoy, password)
    if (!row || !right) throw new Refusal('wrong-password', 'password')
    await tries.giveBack(name, station)
    return row
  }

  const mustHaveJustComeIn = async (token: string) => {
    const token_hash = hashOfToken(token)
    const written = books.read.selectFrom('session').select('created_at').where('token_hash', '=', token_hash)
    const session = unwritten.get(token_hash) ?? (await written.executeTakeFirst())
    if (!session || session.created_at < Date.now() - justComeInMs) throw new Refusal('sign-in-again')
  }
  const begin = async (row: Account, station: string) => {
    const token = randomBytes(32).toString('base64url')
    const now = Date.now()
    const session = { token_hash: hashOfToken(token), user_id: row.id, created_at: now, seen_at: now, station, locked_at: null }
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
    return { token, user: asUser(row, false) }
  }

  return {
    signIn: async (name, password, station) => begin(await proven(name, password, station), station),
    signInVouched: async (id, station) =>
      begin(await accounts().where('user_account.id', '=', id).executeTakeFirstOrThrow(), station),
    async signOut(token) {
      if (unwritten.delete(hashOfToken(token))) return
      await books.write(tx => tx.deleteFrom('session').where('token_hash', '=', hashOfToken(token)).execute())
    },
    async userOf(token) {
      if (!token) return undefined
      const inMemory = unwritten.get(hashOfToken(token))
      if (inMemory) {
        const account = await accounts().where('user_account.id', '=', inMemory.user_id).executeTakeFirst()
        const state = account ? stateOf(account, inMemory) : 'over'
        return account && state !== 'over' ? asUser(account, state === 'locked') : undefined
      }
      const row = await accounts()
        .innerJoin('session', 'session.user_id', 'user_account.id')
        .select(['session.created_at', 'session.seen_at', 'session.token_hash', 'session.locked_at'])
        .where('session.token_hash', '=', hashOfToken(token))
        .executeTakeFirst()
      const state = row ? stateOf(row, row) : 'over'
      if (!row || state === 'over') return undefined
      const now = Date.now()
      // What its limits have locked stays so, whatever sign of life there is.
      if (state === 'locked' && row.locked_at === null) await lock(row.token_hash, true)
      else if (row.seen_at < now - touchMs) touch(row.token_hash, now)
      return asUser(row, state === 'locked')
    },
    lock: token => lock(hashOfToken(token), true),
    async unlock(user, secret, { token, station }) {
      await prove(user, secret, station)
      await lock(hashOfToken(token), false)
      return { ...user, locked: false }
    },
    prove,
    async choosePin(user, { password, pin }, { token, station }, noted) {
      if (user.vouched && password === '') await mustHaveJustComeIn(token)
      else await proven(user.name, password, station)
      if (isEasyPin(pin)) throw new Refusal('password-guessed', 'pin')
      const hashed = pin === '' ? '' : await hashedPin(pin)
      wrongPins.delete(user.id)
      await books.write(async tx => {
        await (pin === '' ? dropPin(tx, user.id) : setPin(tx, user.id, hashed, Date.now()))
        await noted(tx)
      })
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
        await tx.deleteFrom('session').where('user_id', '=', id).where('token_hash', '!=', hashOfToken(token)).execute()
        await noted(tx)
      })
      for (const [held, session] of unwritten) if (session.user_id === id && held !== hashOfToken(token)) unwritten.delete(held)
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
