import type { Addressee } from './addressee.ts'
import { type Actor, accountIdOf } from './audit.ts'
import type { BooksStore, BooksTx } from './books.ts'

/**
 * One transaction on behalf of somebody, and what must be told to the screens once it is on the disk. Nothing is told
 * of a transaction that did not happen, and nobody who asked for it waits until everybody has been told.
 */
export type Work = {
  readonly tx: BooksTx
  readonly at: number
  readonly actor: Actor
  readonly touched: {
    alarms: Set<string>
    cases: Set<string>
    /** Cases that somebody no longer sees from now on. */
    hidden: Set<string>
    commands: Set<string>
    /** Whom a notice is for. */
    notices: Set<Addressee>
    charges: boolean
    duties: boolean
    /** Who rents what, what it costs, or who works here. */
    site: boolean
    /** What people have changed of how the building is. */
    overrides: boolean
    outbox: boolean
    /** A person did it, who waits to see it. */
    awaited: boolean
    /** Brings up to date what is kept in memory beside the books, once they are written. */
    learned: (() => void)[]
  }
}
export type Touched = Work['touched']

export const nothingTouched = (): Touched => ({
  alarms: new Set(),
  cases: new Set(),
  hidden: new Set(),
  commands: new Set(),
  notices: new Set(),
  charges: false,
  duties: false,
  site: false,
  overrides: false,
  outbox: false,
  awaited: false,
  learned: [],
})

export type UnitOfWork = <R>(actor: Actor, act: (work: Work) => Promise<R>) => Promise<R>

export const unitOfWork =
  (books: BooksStore, wall: () => number, tell: (touched: Touched) => unknown): UnitOfWork =>
  async (actor, act) => {
    const touched = { ...nothingTouched(), awaited: accountIdOf(actor) !== null }
    const result = await books.write(tx => act({ tx, at: wall(), actor, touched }))
    for (const learn of touched.learned) learn()
    tell(touched)
    return result
  }
