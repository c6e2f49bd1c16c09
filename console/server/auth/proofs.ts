import { createHash } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '#api/errors'
import type { BooksReader, BooksTx } from '../books/books.ts'

/** What is kept of a token of 256 bits: enough to know it again, nothing to sign in with. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Wrong passwords before the same name from the same address has to wait, and for how long (seconds). */
const wrongTries = 5
const triesPerStation = 60
const windowS = 60
const blockS = 30

/** How fast secrets may be tried: per name from an address, and per address. */
export const openTries = () => {
  const perName = new RateLimiterMemory({ points: wrongTries, duration: windowS, blockDuration: blockS })
  const perStation = new RateLimiterMemory({ points: triesPerStation, duration: windowS, blockDuration: blockS })
  const slowedDown = (res: RateLimiterRes) =>
    new Refusal('slow-down', 'password', { retryAfterS: Math.ceil(res.msBeforeNext / 1000) })
  return {
    /** Taken before the secret is looked at, so that a burst of guesses does not slip through together. */
    async take(name: string, station: string) {
      for (const [limiter, key] of [
        [perName, `${name.toLowerCase()}|${station}`],
        [perStation, station],
      ] as const)
        await limiter.consume(key).catch(res => {
          throw slowedDown(res as RateLimiterRes)
        })
    },
    /** It was right: it counts as no try. */
    async giveBack(name: string, station: string) {
      await Promise.all([perName.delete(`${name.toLowerCase()}|${station}`), perStation.reward(station)])
    },
  }
}

/** A password may be so as well. */
export const isPin = (secret: string): boolean => /^\d{4,8}$/.test(secret)

/** Whether this is the PIN of somebody; false where he has none. */
export const isPinOf = async (db: BooksReader, userId: string, secret: string): Promise<boolean> => {
  const row = await db.selectFrom('pin').select('hash').where('user_id', '=', userId).executeTakeFirst()
  return row !== undefined && verify(row.hash, secret)
}

export const hashedPin = (pin: string): Promise<string> => hash(pin)

/** Takes the place of the one before it. */
export const setPin = async (tx: BooksTx, userId: string, hashed: string, at: number): Promise<void> => {
  await tx
    .insertInto('pin')
    .values({ user_id: userId, hash: hashed, made_at: at })
    .onConflict(c => c.column('user_id').doUpdateSet({ hash: hashed, made_at: at }))
    .execute()
}
export const dropPin = (tx: BooksTx, userId: string) => tx.deleteFrom('pin').where('user_id', '=', userId).execute()
