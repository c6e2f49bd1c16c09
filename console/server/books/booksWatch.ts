import type { KyselyPlugin } from 'kysely'
import { StoreUnavailable, storeFailed } from '#store/openStore'
import type { BooksStore } from './books.ts'

/** Why nothing can be written now. */
export type Trouble = 'full' | 'locked' | 'failing'

export type WatchedBooks = BooksStore & {
  /** Undefined while the books can be written, as far as is known. */
  readonly trouble: Trouble | undefined
  /** Tries whether they can be written again; throws while they cannot. */
  probe(): Promise<void>
}

const lookMs = 250
/** So many looks without any statement coming to its end, and somebody else holds the file: 3 s, of a program that is not stalled itself. */
const patientLooks = 12
/** As much as a ticket with its history and search text may need. */
const roomBytes = 65_536

const whyOf = (error: unknown): Trouble => {
  const text = String(error)
  if (text.includes('SQLITE_FULL')) return 'full'
  return /SQLITE_(BUSY|LOCKED)/.test(text) ? 'locked' : 'failing'
}

/**
 * The books, with an eye on whether they can be written, learnt from every write. After one has failed for the store's sake
 * the others are refused at once, so that nothing piles up behind a lock, until a probe has gone through.
 */
export const watchBooks = (store: BooksStore): WatchedBooks => {
  let failed: Trouble | undefined
  let underway = 0
  let looks = 0
  /** A long transaction is no lock: it moves. */
  const moves: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      looks = 0
      return result
    },
  }
  const attempt: BooksStore['write'] = async work => {
    underway++
    try {
      return await store.write(tx => work(tx.withPlugin(moves)))
    } catch (error) {
      if (storeFailed(error)) failed ??= whyOf(error)
      throw error
    } finally {
      underway--
      looks = 0
    }
  }
  const timer = setInterval(() => {
    looks = underway === 0 ? 0 : looks + 1
  }, lookMs)
  timer.unref()
  return {
    ...store,
    get trouble() {
      return failed ?? (looks >= patientLooks ? 'locked' : undefined)
    },
    async write(work) {
      if (failed) throw new StoreUnavailable(`the books cannot be written: ${failed}`)
      return attempt(work)
    },
    async probe() {
      const row = { id: 1, filler: Buffer.alloc(roomBytes) }
      await attempt(tx =>
        tx
          .insertInto('room')
          .values(row)
          .onConflict(c => c.column('id').doUpdateSet(e => ({ filler: e.ref('excluded.filler') })))
          .execute(),
      )
      failed = undefined
    },
    close() {
      clearInterval(timer)
      return store.close()
    },
  }
}
