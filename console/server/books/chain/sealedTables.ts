import type { Table } from '#store/makeTables'
import { tablesNow } from '../schema.ts'

/** What the chain does not hold, and why nothing is lost by it. */
const unsealed: readonly string[] = [
  // A session says only who has signed in, and moves with every request.
  'session',
  // Made again from the rest.
  'search_index',
  // What has yet to be done, and is struck out when it is; what it led to is sealed.
  'outbox',
  // How far a journal has been taken in: made again from its records.
  'high_water',
  // Empty but within a transaction.
  'erasing',
  // Filler.
  'room',
]

/** A table of the chain: its columns, and those that tell one row from another. */
export type Sealed = { name: string; columns: readonly string[]; key: readonly string[] }

export const sealedTables: readonly Sealed[] = Object.entries<Table>(tablesNow)
  .filter(([name]) => !unsealed.includes(name))
  .map(([name, { columns, key }]) => ({ name, columns: Object.keys(columns), key: key ?? Object.keys(columns) }))

/** Migrations that have changed rows, by table: those are sealed anew as they left them. */
const changedBy: Readonly<Record<string, string>> = { post: '@0006', user_account: '@0006' }

/** What has begun to be sealed: a table with another column is begun anew. `sealedAs`: the table that stands in such an entry. */
export const shapeOf = ({ name, columns }: Sealed): string =>
  JSON.stringify([name, ...columns, ...(changedBy[name] ? [changedBy[name]] : [])])
export const sealedAs = (shape: string): Sealed => {
  const [name = '', ...said] = JSON.parse(shape) as string[]
  const columns = said.filter(c => !c.startsWith('@'))
  return { name, columns, key: sealedTables.find(t => t.name === name)?.key ?? columns }
}
