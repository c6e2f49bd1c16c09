import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Connection } from './sqlite.ts'

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

const returnsRows = /^\s*(select|with|pragma)\b|\breturning\b/i

class OneConnection implements DatabaseConnection {
  readonly raw: Connection
  constructor(raw: Connection) {
    this.raw = raw
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (returnsRows.test(query.sql)) return { rows: (await this.raw.all(query.sql, query.parameters)) as R[] }
    const { changes, lastId } = await this.raw.run(query.sql, query.parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastId) }
  }

  // biome-ignore lint/correctness/useYield: streaming is not offered; large lists are paged
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported; page the query')
  }
}

class SqliteDriver implements Driver {
  readonly #connection: OneConnection
  readonly #turnstile = new Turnstile()
  constructor(raw: Connection) {
    this.#connection = new OneConnection(raw)
  }
  async init() {}
  async acquireConnection() {
    await this.#turnstile.enter()
    return this.#connection
  }
  async beginTransaction(c: DatabaseConnection) {
    // A deferred transaction that reads, then writes, fails with BUSY at once whatever the timeout.
    await c.executeQuery(CompiledQuery.raw('begin immediate'))
  }
  async commitTransaction(c: DatabaseConnection) {
    await c.executeQuery(CompiledQuery.raw('commit'))
  }
  async rollbackTransaction(c: DatabaseConnection) {
    await c.executeQuery(CompiledQuery.raw('rollback'))
  }
  async releaseConnection() {
    this.#turnstile.leave()
  }
  async destroy() {
    await this.#connection.raw.close()
  }
}

/** Kysely over one `sqlite3` connection, used by one statement or one transaction at a time. */
export const sqliteDialect = (raw: Connection): Dialect => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new SqliteDriver(raw),
  createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
})
