import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { type Connection, writtenOut } from './sqlite.ts'

/** First come, first served: two "transactions" on one connection would be one transaction (faults.md §7). */
class Turnstile {
  #tail: Promise<void> = Promise.resolve()
  #open: (() => void) | undefined

  async enter(): Promise<void> {
    const before = this.#tail
    let open: () => void = () => {}
    this.#tail = new Promise(done => {
      open = done
    })
    await before
    this.#open = open
  }

  leave() {
    this.#open?.()
  }
}

type Use = 'read' | 'write'

const returnsRows = /^\s*(select|with|pragma)\b|\breturning\b/i

/**
 * One connection. Inside a transaction a statement that returns no rows waits and goes along with the next read or the
 * commit: each trip to the database thread and back costs a turn of a busy event loop, and a fire must not wait for twenty of
 * them. While something else has the loop for four milliseconds of five, twenty writes take 4.3 ms together and 20.6 ms one by
 * one (p50; 1.6 and 3.8 on a loop at rest). So an error of such a statement shows with the next, and who must know what a
 * write met asks for it with `returning`.
 */
class OneConnection implements DatabaseConnection {
  readonly #raw: Connection
  #waiting: string[] = []
  #inTransaction = false
  constructor(raw: Connection) {
    this.#raw = raw
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (returnsRows.test(sql)) {
      await this.#send()
      return { rows: (await this.#raw.all(sql, parameters)) as R[] }
    }
    const text = this.#inTransaction ? writtenOut(sql, parameters) : undefined
    if (text !== undefined) this.#waiting.push(text)
    else {
      await this.#send()
      await this.#raw.run(sql, parameters)
    }
    return { rows: [] }
  }

  // biome-ignore lint/correctness/useYield: streaming is not offered; large lists are paged
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported; page the query')
  }

  begin() {
    this.#inTransaction = true
    // A deferred transaction that reads, then writes, fails with BUSY at once whatever the timeout.
    this.#waiting = ['begin immediate']
  }

  async commit() {
    this.#waiting.push('commit')
    await this.#send()
    this.#inTransaction = false
  }

  async rollback() {
    this.#waiting = []
    this.#inTransaction = false
    await this.#raw.exec('rollback').catch((error: Error) => {
      // Never begun, or already rolled back by the database itself (a full disk).
      if (!error.message.includes('no transaction is active')) throw error
    })
  }

  close() {
    return this.#raw.close()
  }

  async #send() {
    if (this.#waiting.length === 0) return
    const text = this.#waiting.join(';\n')
    this.#waiting = []
    await this.#raw.exec(text)
  }
}

class SqliteDriver implements Driver {
  readonly #connection: OneConnection
  readonly #turnstile: Turnstile | undefined
  constructor(raw: Connection, use: Use) {
    this.#connection = new OneConnection(raw)
    this.#turnstile = use === 'write' ? new Turnstile() : undefined
  }
  async init() {}
  async acquireConnection() {
    await this.#turnstile?.enter()
    return this.#connection
  }
  async beginTransaction() {
    this.#connection.begin()
  }
  async commitTransaction() {
    await this.#connection.commit()
  }
  async rollbackTransaction() {
    await this.#connection.rollback()
  }
  async releaseConnection() {
    this.#turnstile?.leave()
  }
  async destroy() {
    await this.#connection.close()
  }
}

/** DDL in SQLite is part of a transaction, so a migration that is cut off has not happened. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl() {
    return true
  }
}

/** Kysely over one `sqlite3` connection: for one transaction at a time, or for reads that do not wait for each other. */
export const sqliteDialect = (raw: Connection, use: Use): Dialect => ({
  createAdapter: () => new Adapter(),
  createDriver: () => new SqliteDriver(raw, use),
  createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})
