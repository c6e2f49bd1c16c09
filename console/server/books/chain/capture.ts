import { type Kysely, sql, type Transaction } from 'kysely'
import { type DatabaseKind, databaseOf } from '#store/makeTables'
import type { Books } from '../schema.ts'
import { type Sealed, sealedTables } from './sealedTables.ts'

const listOf: Record<DatabaseKind, (items: string) => string> = {
  sqlite: items => `json_array(${items})`,
  postgres: items => `json_build_array(${items})::text`,
}
const listIn = (db: DatabaseKind, columns: readonly string[], row: string) =>
  listOf[db](columns.map(c => `${row}.${c}`).join(', '))

/** A row's key, and the whole of it, as the chain knows them: the same expressions when it is written and when it is proved. */
export const keyIn = (db: DatabaseKind, { key }: Sealed, row: string): string => listIn(db, key, row)
export const bodyIn = (db: DatabaseKind, { columns }: Sealed, row: string): string => listIn(db, columns, row)

/** The last state of a row counts, however often one transaction writes it. */
const note = (name: string, key: string, body: string) =>
  `insert into changed_row (kind, key, body) values ('${name}', ${key}, ${body})
    on conflict (kind, key) do update set body = excluded.body`

/** What notes rows: by table, when, what. A key that changes leaves a row behind that is gone. */
const notes = (db: DatabaseKind, table: Sealed): { on: string; does: string }[] => {
  const is = note(table.name, keyIn(db, table, 'new'), bodyIn(db, table, 'new'))
  const gone = note(table.name, keyIn(db, table, 'old'), 'null')
  return [
    { on: 'insert', does: is },
    { on: 'update', does: is },
    { on: 'delete', does: gone },
    { on: `update of ${table.key.join(', ')}`, does: `${gone};\n${is}` },
  ]
}

const holder = 'create temp table if not exists changed_row (kind text, key text, body text, primary key (kind, key))'

/**
 * From now on this connection notes each row of a sealed table that it writes. The notes live with the connection: who writes to
 * the file by other means leaves none, so that his change is never taken for one of the console's.
 */
const captureIn: Record<DatabaseKind, () => string[]> = {
  sqlite: () => [
    holder,
    ...sealedTables.flatMap(table =>
      notes('sqlite', table).map(
        ({ on, does }, i) => `create temp trigger note_${table.name}_${i} after ${on} on main.${table.name} begin ${does}; end`,
      ),
    ),
  ],
  postgres: () => [
    holder,
    'delete from changed_row',
    ...sealedTables.flatMap(table =>
      notes('postgres', table).flatMap(({ on, does }, i) => {
        const name = `note_${table.name}_${i}`
        return [
          `create or replace function ${name}() returns trigger language plpgsql as $$ begin
            if to_regclass('pg_temp.changed_row') is not null then ${does}; end if; return null; end $$`,
          `create or replace trigger ${name} after ${on} on ${table.name} for each row execute function ${name}()`,
        ]
      }),
    ),
  ],
}

/** Within a transaction of the connection that writes. */
export const capture = async (tx: Transaction<Books>): Promise<void> => {
  for (const statement of captureIn[databaseOf(tx as unknown as Kysely<unknown>)]()) await sql.raw(statement).execute(tx)
}
