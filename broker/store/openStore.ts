import { chmodSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, type Migration, Migrator, sql, type Transaction } from 'kysely'
import { sqliteDialect } from './dialect.ts'
import { openConnection } from './sqlite.ts'

export type Store<T> = {
  /** Reads beside the writer; sees what is committed. */
  read: Kysely<T>
  /**
   * One transaction at a time, committed when the promise resolves, rolled back when `work` throws. Writes without
   * `returning` are sent along with the next read or the commit, where their errors show; their counts are not known.
   */
  write<R>(work: (tx: Transaction<T>) => Promise<R>): Promise<R>
  /** How full the file is of what it may grow to, 0 to 1; pages that deleting has freed count as room. */
  fill(): Promise<number>
  close(): Promise<void>
}

/** The file has reached its limit, or its disk is full or failing. The transaction did not happen; a later one may. */
export const takesNothing = (error: unknown) => /SQLITE_(FULL|IOERR)/.test(String(error))

/** Thrown in place of a try that is known to be in vain. */
export class StoreUnavailable extends Error {}

/**
 * It was the store that failed, not what was to be stored: full, failing, held by another process, closed. The same may be
 * taken later. What the store refuses for what it is (a constraint, a value that it cannot hold) would be refused again.
 */
export const storeFailed = (error: unknown): boolean => {
  if (error instanceof StoreUnavailable) return true
  const text = String(error)
  // A sentence that the store does not understand is our bug, not its trouble.
  if (/SQLITE_ERROR: (no such|near |ambiguous)/.test(text)) return false
  if (text.includes('SQLITE_')) return !/SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(text)
  return text.includes('driver has already been destroyed')
}

export type StoreOptions = {
  file: string
  /** FULL: every commit is on the disk before it is answered. NORMAL: the last moments may be lost, never the file. */
  synchronous: 'FULL' | 'NORMAL'
  /** Numbered and forward-only; frozen once landed. */
  migrations: Record<string, Migration>
  /** Another process may be at work on the file: it must be of this version as it is, and is not checked or brought up to date. */
  beside?: true
  /** What the file may grow to. */
  maxBytes?: number
}

/** Whether a file has a table: one of an older version may not. */
export const hasTable = async <T>(db: Kysely<T>, name: string): Promise<boolean> =>
  (await sql`select 1 from sqlite_master where name = ${name}`.execute(db)).rows.length > 0

type Reader<T> = { read: Kysely<T>; close(): Promise<void> }

/** Opens a database file for reading only, beside whoever writes it. */
export const openReader = <T>(file: string): Promise<Reader<T>> => reader(file, '')

/** The same, of one moment: what is written from the first read on is not seen. */
export const openMoment = <T>(file: string): Promise<Reader<T>> => reader(file, '; begin')

const reader = async <T>(file: string, first: string): Promise<Reader<T>> => {
  const connection = await openConnection(file, true)
  await connection.exec(`pragma busy_timeout = 5000${first}`)
  const read = new Kysely<T>({ dialect: sqliteDialect(connection, 'read') })
  return { read, close: () => read.destroy() }
}

type Connection = Awaited<ReturnType<typeof openConnection>>
const mustBeUpToDate = async (file: string, raw: Connection, known: readonly string[]) => {
  const steps = await raw.all('select name from kysely_migration order by name', []).catch(() => [])
  if (steps.map(s => s['name']).join() !== known.join())
    throw new Error(`${file} is in use by another version of Zhiban: use the tools of that version.`)
}

const bringUpToDate = async (file: string, migrator: Migrator) => {
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  // Kysely's word for steps in the file that this program does not have.
  if (String(error).includes('corrupted migrations'))
    throw new Error(
      `${file} was written by another version of Zhiban: start that version again, or move the file away to begin with an empty one.`,
    )
  throw new Error(`${file} cannot be migrated: ${String(error)}`)
}

/** What people have told is for the user who runs the program; what SQLite puts beside the file takes its rights from it. */
const keepToOneself = (file: string) => {
  try {
    chmodSync(file, 0o600)
  } catch {
    // Somebody else's file, who has let this user write to it: his to say.
  }
}

/** Opens (or makes) a database file, checks it and brings it up to date. Throws with the way to repair it. */
export const openStore = async <T>(o: StoreOptions): Promise<Store<T>> => {
  mkdirSync(dirname(o.file), { recursive: true, mode: 0o700 })
  const raw = await openConnection(o.file)
  keepToOneself(o.file)
  try {
    await raw.exec(
      `pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = ${o.synchronous}; pragma foreign_keys = on`,
    )
    const [verdict] = o.beside ? [] : await raw.all('pragma quick_check(1)', [])
    if (!o.beside && verdict?.['quick_check'] !== 'ok') throw new Error(String(verdict?.['quick_check']))
  } catch (error) {
    await raw.close().catch(() => {})
    throw new Error(
      `${o.file} is damaged (${(error as Error).message}). Move it away and restore the last backup, or start without it.`,
    )
  }
  const number = async (pragma: string) => Number(Object.values((await raw.all(`pragma ${pragma}`, []))[0] ?? {})[0])
  const maxPages = o.maxBytes ? Math.ceil(o.maxBytes / (await number('page_size'))) : undefined
  if (maxPages) await raw.exec(`pragma max_page_count = ${maxPages}`)
  const writer = new Kysely<T>({ dialect: sqliteDialect(raw, 'write') })
  const migrator = new Migrator({ db: writer, provider: { getMigrations: async () => o.migrations } })
  try {
    if (o.beside) await mustBeUpToDate(o.file, raw, Object.keys(o.migrations))
    else await bringUpToDate(o.file, migrator)
  } catch (error) {
    await writer.destroy()
    throw error
  }
  const { read } = await openReader<T>(o.file)
  const running = new Set<Promise<unknown>>()
  return {
    read,
    write(work) {
      const transaction = writer.transaction().execute(work)
      running.add(transaction)
      const over = () => running.delete(transaction)
      transaction.then(over, over)
      return transaction
    },
    async fill() {
      if (!maxPages) return 0
      // In one statement, so that no transaction lies between the two counts.
      const sql = 'select (select page_count from pragma_page_count) - (select freelist_count from pragma_freelist_count) as used'
      const [row] = await raw.all(sql, [])
      return Number(row?.['used'] ?? 0) / maxPages
    },
    /** What has begun is finished first. */
    async close() {
      while (running.size > 0) await Promise.allSettled(running)
      await read.destroy()
      await writer.destroy()
    },
  }
}
