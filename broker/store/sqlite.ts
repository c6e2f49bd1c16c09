import sqlite3 from 'sqlite3'

export type Bound = number | string | Buffer | null

/**
 * Promises over the npm package `sqlite3`, whose pitfalls are kept out here (faults.md §7): every statement has a
 * callback, and what it would bind wrongly in silence (BigInt, NaN, objects, undefined) is an error.
 */
export type Connection = {
  all(sql: string, bound: readonly unknown[]): Promise<Record<string, unknown>[]>
  run(sql: string, bound: readonly unknown[]): Promise<{ changes: number; lastId: number }>
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

export const openConnection = (file: string, readOnly = false): Promise<Connection> =>
  new Promise((done, fail) => {
    const mode = readOnly ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE
    const db = new sqlite3.Database(file, mode, error => {
      if (error) return fail(new Error(`cannot open ${file}: ${error.message}`))
      done(wrap(db))
    })
  })

const wrap = (db: sqlite3.Database): Connection => ({
  all: (sql, bound) =>
    new Promise((done, fail) => {
      db.all(sql, bound.map(check), (error, rows) => (error ? fail(error) : done(rows as Record<string, unknown>[])))
    }),
  run: (sql, bound) =>
    new Promise((done, fail) => {
      db.run(sql, bound.map(check), function (error) {
        if (error) fail(error)
        else done({ changes: this.changes, lastId: this.lastID })
      })
    }),
  exec: sql => new Promise((done, fail) => db.exec(sql, error => (error ? fail(error) : done()))),
  close: () => new Promise((done, fail) => db.close(error => (error ? fail(error) : done()))),
})
