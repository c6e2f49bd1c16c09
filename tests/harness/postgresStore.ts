import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { Kysely, type Migration, Migrator, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import { ulid } from 'ulid'
import type { Store } from '#store/openStore'

/** A server to use, as a URL; without one PostgreSQL runs within the test itself. */
const serverUrl = process.env['ZHIBAN_TEST_POSTGRES']
// Counts, sums and times come as text otherwise; ours are far below where numbers lose digits.
for (const type of [pg.types.builtins.INT8, pg.types.builtins.NUMERIC]) pg.types.setTypeParser(type, Number)
const parsers = { [pg.types.builtins.NUMERIC]: Number }

type Database = { read: PostgresPool; write: PostgresPool; migrated: boolean; end(): Promise<void> }

/** Of every table but what says how far the database is migrated; migrations leave no rows in an empty one. */
const emptied = `do $$ begin execute (select coalesce('truncate ' || string_agg(quote_ident(tablename), ', ') || ' restart identity cascade', 'select 1')
  from pg_tables where schemaname = 'public' and tablename not like 'kysely%'); end $$`

/** Starting and migrating one takes seconds: whoever comes next uses it again, emptied. */
const idle: PGlite[] = []
const inProcess = async (): Promise<Database> => {
  const used = idle.pop()
  const db = used ?? (await PGlite.create({ extensions: { btree_gist }, parsers }))
  if (used) await db.exec(emptied)
  const client = {
    async query(sql: string, parameters: readonly unknown[]) {
      const { rows, affectedRows } = await db.query(sql, [...parameters])
      return { command: 'SELECT', rowCount: affectedRows ?? 0, rows }
    },
    release() {},
  }
  let last = Promise.resolve()
  /** One connection is all there is: transactions take turns, reads go between. */
  const inTurn = async () => {
    const before = last
    let release = () => {}
    last = new Promise(done => {
      release = done
    })
    await before
    return { ...client, release }
  }
  const pool = (connect: () => Promise<unknown>) => ({ connect, async end() {} }) as unknown as PostgresPool
  return {
    read: pool(async () => client),
    write: pool(inTurn),
    migrated: used !== undefined,
    async end() {
      idle.push(db)
    },
  }
}

/** A database of its own on the server. */
const onServer = async (server: string): Promise<Database> => {
  const name = `books_${ulid().toLowerCase()}`
  const maintenance = async (statement: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  await maintenance(`create database ${name}`)
  const connectionString = Object.assign(new URL(server), { pathname: name }).href
  const pool = (max: number) => new pg.Pool({ connectionString, max }) as unknown as PostgresPool
  return { read: pool(4), write: pool(1), migrated: false, end: () => maintenance(`drop database ${name}`) }
}

/** The same store over PostgreSQL, empty; one transaction at a time as in ours. */
export const openPostgres = async <T>(migrations: Record<string, Migration>): Promise<Store<T>> => {
  const database = serverUrl === undefined ? await inProcess() : await onServer(serverUrl)
  const writer = new Kysely<T>({ dialect: new PostgresDialect({ pool: database.write }) })
  const read = new Kysely<T>({ dialect: new PostgresDialect({ pool: database.read }) })
  if (!database.migrated) {
    const { error } = await new Migrator({ db: writer, provider: { getMigrations: async () => migrations } }).migrateToLatest()
    if (error) throw error
  }
  return {
    read,
    write: work => writer.transaction().execute(work),
    fill: async () => 0,
    async close() {
      await writer.destroy()
      await read.destroy()
      await database.end()
    },
  }
}
