import { type Kysely, type Selectable, sql } from 'kysely'
import type { Seal } from '#store/keptSeals'
import { type DatabaseKind, databaseOf } from '#store/makeTables'
import type { Books } from '../schema.ts'
import { bodyIn, keyIn } from './capture.ts'
import { type Sealed, sealedAs } from './sealedTables.ts'
import { digestOf, hashOf } from './sealing.ts'

/** A head of the chain that was kept elsewhere: at an agent, or printed on a paper (then only how its hash begins). */
export type KeptSeal = Pick<Seal, 'n' | 'hash'> & { at: number | null; by: string }

export type Fault = {
  what:
    | 'entry-missing'
    | 'entry-changed'
    | 'seal-broken'
    | 'row-changed'
    | 'row-missing'
    | 'row-unsealed'
    | 'erased-too-early'
    | 'other-books'
  /** Of the chain, where it is about an entry. */
  n: number | null
  kind: string
  key: string
  at: number | null
  by: string | null
}

export type Proof = {
  /** Entries of the chain, and rows held against them. */
  entries: number
  rows: number
  head: Seal | null
  /** Seals kept elsewhere that hold. */
  seals: number
  /** Times at which a backup took the place of the books, and how many seals are of what was lost by it. */
  setBack: { at: number; seals: number }[]
  faults: Fault[]
}

const page = 5000
/** So many are named; who has that many has to look at all of it. */
const mostNamed = 50

type Db = Kysely<Books>
type Link = Selectable<Books['chain']>
type Found = (fault: Omit<Fault, 'n' | 'at' | 'by'> & Partial<Fault>) => void

/** From the first entry to the last: each follows the one before it, and what it says is what was hashed. */
const walk = async (db: Db, found: Found, each: (link: Link) => void): Promise<void> => {
  let n = 0
  let hash = ''
  for (;;) {
    const links = await db.selectFrom('chain').selectAll().where('n', '>', n).orderBy('n').limit(page).execute()
    for (const link of links) {
      const { kind, key, at } = link
      if (link.n !== n + 1) found({ what: 'entry-missing', n: n + 1, kind: '', key: '' })
      else if (link.hash !== hashOf(link, hash)) found({ what: 'entry-changed', n: link.n, kind, key, at })
      n = link.n
      hash = link.hash
      each(link)
    }
    if (links.length < page) return
  }
}

/** The tables as they were when they last began to be sealed: what a later version has made of them is sealed when it opens the books. */
const begunTables = async (db: Db): Promise<Sealed[]> => {
  const begun = await db.selectFrom('chain').select('key').where('kind', '=', 'begun').orderBy('n').execute()
  const shapes = new Map(begun.map(b => sealedAs(b.key)).map(table => [table.name, table]))
  return [...shapes.values()]
}

/** Each row as it is, beside the last entry about it. */
type Held = { key: string; body: string; n: number | null; at: number; salt: string | null; gone: number; digest: string }

const holdRows = async (db: Db, table: Sealed, kind: DatabaseKind, found: Found): Promise<number> => {
  const { name } = table
  const key = keyIn(kind, table, 't')
  const last = `select max(n) from chain where kind = '${name}' and key = ${key}`
  const all = `select ${key} as key, ${bodyIn(kind, table, 't')} as body, c.n, c.at, c.salt, c.gone, c.digest
    from ${name} t left join chain c on c.n = (${last}) order by ${table.key.map(k => `t.${k}`).join(', ')}`
  let count = 0
  for (let from = 0; ; from += page) {
    const { rows } = await sql.raw<Held>(`${all} limit ${page} offset ${from}`).execute(db)
    for (const { n, body, ...held } of rows) {
      count++
      const about = { n, kind: name, key: held.key, at: n === null ? null : held.at }
      if (n === null) found({ what: 'row-unsealed', ...about })
      else if (held.salt === null) found({ what: 'erased-too-early', ...about })
      else if (held.gone || held.digest !== digestOf(held.salt, { kind: name, key: held.key, body }))
        found({ what: 'row-changed', ...about })
    }
    if (rows.length < page) return count
  }
}

/** Rows of which the last entry says that they are there. */
const missRows = async (db: Db, table: Sealed, kind: DatabaseKind, found: Found) => {
  const { name } = table
  const { rows } = await sql
    .raw<{ n: number; key: string; at: number }>(
      `select c.n, c.key, c.at from chain c
        where c.kind = '${name}' and c.gone = 0 and not exists (select 1 from chain l where l.kind = c.kind and l.key = c.key and l.n > c.n)
        and c.key not in (select ${keyIn(kind, table, 't')} from ${name} t) order by c.n limit ${mostNamed}`,
    )
    .execute(db)
  for (const { n, key, at } of rows) found({ what: 'row-missing', n, kind: name, key, at })
}

/** Where a backup took the place of the books: the entries after it are others than those that were there before. */
type Mark = { n: number; at: number }

const holdSeals = (
  proof: Proof,
  found: Found,
  { hashes, marks, began }: { hashes: ReadonlyMap<number, string>; marks: readonly Mark[]; began: number },
  kept: readonly KeptSeal[],
) => {
  let other: Fault | undefined
  for (const seal of kept) {
    const { n, at, by } = seal
    if (seal.hash.length >= 8 && hashes.get(n)?.startsWith(seal.hash)) {
      proof.seals++
      continue
    }
    const mark = at === null ? undefined : marks.find(m => m.n <= n && m.at >= at)
    const setBack = proof.setBack.find(s => s.at === mark?.at)
    if (setBack) setBack.seals++
    else if (at !== null && at < began) other = { what: 'other-books', n: null, kind: '', key: '', at, by }
    else found({ what: 'seal-broken', n, kind: '', key: '', at, by })
  }
  if (other) found(other)
}

/**
 * Holds the books against themselves and against what was kept elsewhere. `db` sees one moment (openMoment), for a console may be
 * writing.
 */
export const proveBooks = async (db: Db, kept: readonly KeptSeal[] = []): Promise<Proof> => {
  const proof: Proof = { entries: 0, rows: 0, head: null, seals: 0, setBack: [], faults: [] }
  const found: Found = fault => {
    if (proof.faults.length < mostNamed) proof.faults.push({ n: null, at: null, by: null, ...fault })
  }
  const wanted = new Set(kept.map(s => s.n))
  const hashes = new Map<number, string>()
  const marks: Mark[] = []
  let began = 0
  await walk(db, found, ({ n, at, hash, kind }) => {
    if (n === 1) began = at
    proof.entries++
    proof.head = { n, at, hash }
    if (wanted.has(n)) hashes.set(n, hash)
    if (kind === 'restored') marks.push({ n, at })
  })
  proof.setBack = marks.map(({ at }) => ({ at, seals: 0 }))
  holdSeals(proof, found, { hashes, marks, began }, kept)
  const kind = databaseOf(db as unknown as Kysely<unknown>)
  for (const table of await begunTables(db)) {
    proof.rows += await holdRows(db, table, kind, found)
    await missRows(db, table, kind, found)
  }
  return proof
}

const sentences: Record<Fault['what'], string> = {
  'entry-missing': 'an entry of the chain is missing',
  'entry-changed': 'an entry of the chain is not what it was',
  'seal-broken': 'the chain is not the one that was sealed',
  'row-changed': 'it is not what the console has written',
  'row-missing': 'it has been taken away, and not by the console',
  'row-unsealed': 'it has been put in, and not by the console',
  'erased-too-early': 'it is there, and its seal has been made unreadable',
  'other-books': 'other books were here before these began; their last seal is of that time',
}

/** One fault in a sentence, for whoever looks into it. */
export const faultText = ({ what, n, kind, key, at, by }: Fault): string => {
  const where = [kind && `${kind} ${key}`, n !== null && `entry ${n}`, at !== null && new Date(at).toISOString()]
  return `${where.filter(Boolean).join(', ')}: ${sentences[what]}${by === null ? '' : ` (${by})`}`
}
