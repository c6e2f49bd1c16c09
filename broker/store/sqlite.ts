import sqlite3 from 'sqlite3'

export type Bound = number | string | Buffer | null

/**
 * Promises over the npm package `sqlite3`, whose pitfalls are kept out here (faults.md §7): every statement has a
 * callback, and what it would bind wrongly in silence (BigInt, NaN, objects, undefined) is an error.
 */
export type Connection = {
  all(sql: string, bound: readonly unknown[]): Promise<Record<string, unknown>[]>
  run(sql: string, bound: readonly unknown[]): Promise<void>
  exec(sql: string): Promise<void>
  close(): Promise<void>
}

const check = (value: unknown, index: number): Bound => {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'boolean') return value ? 1 : 0
  throw new TypeError(
    `parameter ${index + 1} cannot be stored: ${value === undefined ? 'undefined' : typeof value} ${String(value)}`,
  )
}

/** A value as it stands in SQL text; undefined when only a bound parameter can carry it. */
const literal = (value: Bound): string | undefined => {
  if (value === null) return 'null'
  if (typeof value === 'number') return String(value)
  if (Buffer.isBuffer(value)) return `x'${value.toString('hex')}'`
  return value.includes('\0') ? undefined : `'${value.replaceAll("'", "''")}'`
}

const textLimit = 200_000

/** A statement with its parameters written out, so that several can go to the database in one trip; undefined if it cannot. */
export const writtenOut = (sql: string, bound: readonly unknown[]): string | undefined => {
  const parts = sql.split('?')
  if (parts.length !== bound.length + 1) return undefined
  let text = parts[0] ?? ''
  for (const [i, value] of bound.entries()) {
    const written = literal(check(value, i))
    if (written === undefined) return undefined
    text += written + parts[i + 1]
  }
  return text.length > textLimit ? undefined : text
}

export const openConnection = (file: string, readOnly = false): Promise<Connection> =>
  new Promise((done, fail) => {
    const mode = readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE
    const db = new sqlite3.Database(file, mode, error => {
      if (error) return fail(new Error(`cannot open ${file}: ${error.message}`))
      done(wrap(db))
    })
  })

/** A program's queries are few; only lists of changing length make new ones. */
const keptStatements = 200

/** Reads are prepared once: each trip to the database thread that is saved is one less turn of a busy event loop. */
const statements = (db: sqlite3.Database) => {
  const kept = new Map<string, Promise<sqlite3.Statement>>()
  const finalize = (statement: sqlite3.Statement) => new Promise<void>(done => statement.finalize(() => done()))
  const drop = (sql: string) => {
    const dropped = kept.get(sql)
    kept.delete(sql)
    return dropped?.then(finalize, () => {})
  }
  return {
    of(sql: string): Promise<sqlite3.Statement> {
      const known = kept.get(sql)
      if (known) return known
      const made = new Promise<sqlite3.Statement>((done, fail) => {
        const statement = db.prepare(sql, (error: Error | null) => (error ? fail(error) : done(statement)))
      })
      kept.set(sql, made)
      made.catch(() => kept.delete(sql))
      const [oldest] = kept.keys()
      if (kept.size > keptStatements && oldest !== undefined) drop(oldest)
      return made
    },
    drop: () => Promise.all([...kept.keys()].map(drop)),
  }
}

const wrap = (db: sqlite3.Database): Connection => {
  const prepared = statements(db)
  return {
    async all(sql, bound) {
      const checked = bound.map(check)
      const statement = await prepared.of(sql)
      return new Promise((done, fail) => {
        statement.all(checked, (error, rows) => (error ? fail(error) : done(rows as Record<string, unknown>[])))
      })
    },
    run: (sql, bound) =>
      new Promise((done, fail) => {
        db.run(sql, bound.map(check), error => (error ? fail(error) : done()))
      }),
    exec: sql => new Promise((done, fail) => db.exec(sql, error => (error ? fail(error) : done()))),
    // A statement that is not finalized keeps the file open.
    async close() {
      await prepared.drop()
      await new Promise<void>((done, fail) => db.close(error => (error ? fail(error) : done())))
    },
  }
}
