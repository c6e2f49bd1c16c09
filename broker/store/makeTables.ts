import { type CreateTableBuilder, type Generated, type Kysely, type SqlBool, SqliteAdapter, sql } from 'kysely'

/** A column: text, a whole number of 64 bits, a number that counts itself up, or bytes; with `?` it may be null. */
export type Column = 'text' | 'text?' | 'int' | 'int?' | 'serial' | 'bytes'
export type Table = {
  columns: Readonly<Record<string, Column>>
  /** The primary key. */
  key?: readonly string[]
  unique?: readonly (readonly string[])[]
  /** Columns that hold the key of another table, which has one column. */
  refers?: Readonly<Record<string, string>>
  /** Each a list of columns, or such a list for the rows only where something holds. */
  indexes?: readonly (readonly string[] | { on: readonly string[]; where: string })[]
}
export type Tables = Readonly<Record<string, Table>>

type ValueOf<C> = C extends 'text' ? string : C extends 'bytes' ? Buffer : C extends 'serial' ? Generated<number> : number
/** The tables as Kysely knows them. */
export type RowsOf<T extends Tables> = {
  [Name in keyof T]: {
    [C in keyof T[Name]['columns']]: T[Name]['columns'][C] extends `${infer Kind}?`
      ? ValueOf<Kind> | null
      : ValueOf<T[Name]['columns'][C]>
  }
}

export type DatabaseKind = 'sqlite' | 'postgres'
export const databaseOf = (db: Kysely<unknown>): DatabaseKind =>
  db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'

/** SQLite's integers have 64 bits by themselves, and its own row number is the key that counts itself up. */
const typeNames = {
  sqlite: { text: 'text', int: 'integer', serial: 'integer', bytes: 'blob' },
  postgres: { text: 'text', int: 'bigint', serial: 'bigint', bytes: 'bytea' },
} as const

type Making = CreateTableBuilder<string, string>

const withColumns = (kind: DatabaseKind, table: Table, start: Making): Making => {
  let made = start
  for (const [name, column] of Object.entries(table.columns)) {
    const base = column.replace('?', '') as 'text' | 'int' | 'serial' | 'bytes'
    made = made.addColumn(name, sql.raw(typeNames[kind][base]), c => {
      const bound = table.refers?.[name]
      const typed = column.endsWith('?') ? c : c.notNull()
      const counted = base === 'serial' && kind === 'postgres' ? typed.generatedByDefaultAsIdentity() : typed
      return bound === undefined ? counted : counted.references(bound)
    })
  }
  return made
}

/** Makes tables in either database, in the order in which they stand: one that another refers to comes first. */
export const makeTables = async (db: Kysely<unknown>, tables: Tables): Promise<void> => {
  const kind = databaseOf(db)
  for (const [name, table] of Object.entries(tables)) {
    let made: Making = withColumns(kind, table, db.schema.createTable(name))
    if (table.key) made = made.addPrimaryKeyConstraint(`${name}_key`, [...table.key])
    for (const columns of table.unique ?? []) made = made.addUniqueConstraint(`${name}_${columns.join('_')}`, [...columns])
    // Without it SQLite stores a text where a number should be.
    await (kind === 'sqlite' ? made.modifyEnd(sql`strict`) : made).execute()
    for (const index of table.indexes ?? []) {
      const { on, where } = 'on' in index ? index : { on: index, where: undefined }
      let built = db.schema
        .createIndex([name, where === undefined ? 'by' : 'some_by', ...on].join('_'))
        .on(name)
        .columns([...on])
      if (where !== undefined) built = built.where(sql.raw<SqlBool>(where))
      await built.execute()
    }
  }
}
