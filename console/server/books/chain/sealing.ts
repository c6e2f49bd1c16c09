import { createHash, randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Seal } from '#store/keptSeals'
import { databaseOf } from '#store/makeTables'
import type { Store } from '#store/openStore'
import { inParts } from '../inParts.ts'
import type { Books } from '../schema.ts'
import { bodyIn, capture, keyIn } from './capture.ts'
import { sealedTables, shapeOf } from './sealedTables.ts'

/**
 * One chain over all books (design §6): with every transaction the rows that it leaves behind enter it, as salted digests, each
 * bound to everything before it. Whoever changes a row otherwise, or an entry, is found (proveBooks.ts); whoever makes the whole
 * chain anew is found by a head that was kept elsewhere.
 */
type Link = Selectable<Books['chain']>
type Tx = Transaction<Books>
/** A row as a transaction leaves it behind; without body it is gone. */
export type Change = { kind: string; key: string; body: string | null }

const sha256 = (parts: readonly unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

export const digestOf = (salt: string, { kind, key, body }: Change): string => sha256([salt, kind, key, body])
export const hashOf = (link: Pick<Link, 'n' | 'at' | 'kind' | 'gone' | 'digest'>, before: string): string =>
  sha256([link.n, link.at, link.kind, link.gone, link.digest, before])

/** The last entry: what is kept elsewhere, so that the chain cannot be made anew. */
export const headOf = async (db: Kysely<Books>): Promise<Seal | undefined> =>
  db.selectFrom('chain').select(['n', 'hash', 'at']).orderBy('n', 'desc').limit(1).executeTakeFirst()

/** As papers carry it, and as `npm run verify -- --seal` takes it: 64 bits of the hash are enough against whoever must meet them by trying. */
export const sealText = ({ n, hash }: Pick<Seal, 'n' | 'hash'>): string => `${n}:${hash.slice(0, 16)}`

const saltBytes = 16

/** Where a chain ends: the number and hash of its last entry. */
type End = Pick<Seal, 'n' | 'hash'>
const empty: End = { n: 0, hash: '' }

/** Returns where it ends then. */
const append = async (tx: Tx, changes: readonly Change[], end: End): Promise<End> => {
  let { n, hash } = end
  const at = Date.now()
  const linkOf = (change: Change): Link => {
    n++
    const salt = randomBytes(saltBytes).toString('hex')
    const { kind, key } = change
    const link = { n, at, kind, key, salt, gone: change.body === null ? 1 : 0, digest: digestOf(salt, change) }
    hash = hashOf(link, hash)
    return { ...link, hash }
  }
  const parts = inParts(changes)
  for (const part of parts) {
    await tx.insertInto('chain').values(part.map(linkOf)).execute()
    // A table of ten thousand lines must not hold up whoever looks at alarms.
    if (parts.length > 1) await setImmediate()
  }
  return { n, hash }
}

/** What this transaction has written enters the chain. */
const sealChanges = async (tx: Tx) => {
  const { rows } = await sql<Change & { n: number | null; hash: string | null }>`
    select c.kind, c.key, c.body, h.n, h.hash from changed_row c
    left join (select n, hash from chain order by n desc limit 1) h on true order by c.kind, c.key`.execute(tx)
  const [first] = rows
  if (!first) return
  await append(tx, rows, { n: first.n ?? empty.n, hash: first.hash ?? empty.hash })
  await sql`delete from changed_row`.execute(tx)
}

/** Writes down what is no row: that tables have begun to be sealed, or that books were restored. */
export const sealNote = async (tx: Tx, kind: 'begun' | 'restored', key: string): Promise<End> =>
  append(tx, [{ kind, key, body: null }], (await headOf(tx)) ?? empty)

const page = 5000

/** Rows of tables that the chain does not hold yet, or not with these columns, enter it as they are. */
const begin = async (tx: Tx) => {
  const begun = new Set((await tx.selectFrom('chain').select('key').where('kind', '=', 'begun').execute()).map(r => r.key))
  const kind = databaseOf(tx as unknown as Kysely<unknown>)
  for (const table of sealedTables.filter(t => !begun.has(shapeOf(t)))) {
    let end = await sealNote(tx, 'begun', shapeOf(table))
    const columns = `'${table.name}' as kind, ${keyIn(kind, table, 't')} as key, ${bodyIn(kind, table, 't')} as body`
    const all = `select ${columns} from ${table.name} t order by ${table.key.join(', ')}`
    for (let from = 0; ; from += page) {
      const { rows } = await sql.raw<Change>(`${all} limit ${page} offset ${from}`).execute(tx)
      end = await append(tx, rows, end)
      if (rows.length < page) break
    }
  }
}

/** A store whose every transaction enters the chain, together with what it writes or not at all. */
export const sealed = async (store: Store<Books>): Promise<Store<Books>> => {
  await store.write(async tx => {
    await capture(tx)
    await begin(tx)
  })
  return {
    ...store,
    write: work =>
      store.write(async tx => {
        const result = await work(tx)
        await sealChanges(tx)
        return result
      }),
  }
}
