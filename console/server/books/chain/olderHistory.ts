import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'

type Row = { record: string; n: number; hash: string; [column: string]: unknown }
const page = 5000
const columns = ['record', 'n', 'at', 'by_user', 'by_id', 'station', 'verb', 'from_state', 'to_state', 'note', 'detail_json']

/**
 * Until 0004 each history was a chain of its own, its last hash beside it. Proved one last time before the one chain takes over:
 * what was broken then is said, and not covered by what is sealed from then on. The fault is null where all of it is whole.
 */
export const proveOlderHistory = async (db: Kysely<unknown>): Promise<{ entries: number; fault: string | null }> => {
  let entries = 0
  const broken = (fault: string | null) => ({ entries, fault })
  let last = { record: '', n: 0, hash: '' }
  const heads = await sql<{ record: string; n: number; hash: string }>`select record, n, hash from history_head`.execute(db)
  const open = new Map(heads.rows.map(h => [h.record, h]))
  const ends = () => {
    if (last.record === '') return true
    const head = open.get(last.record)
    open.delete(last.record)
    return head?.n === last.n && head.hash === last.hash
  }
  for (;;) {
    const { rows } = await sql<Row>`select * from history where record > ${last.record}
      or (record = ${last.record} and n > ${last.n}) order by record, n limit ${page}`.execute(db)
    for (const row of rows) {
      entries++
      const goesOn = row.record === last.record
      if (!goesOn && !ends()) return broken(`${last.record}: the last entries are missing`)
      const before = goesOn ? last : { n: 0, hash: '' }
      const hash = createHash('sha256')
        .update(JSON.stringify([...columns.map(c => row[c]), before.hash]))
        .digest('hex')
      if (row.n !== before.n + 1 || row.hash !== hash) return broken(`${row.record} entry ${row.n} is not what it was`)
      last = { record: row.record, n: row.n, hash }
    }
    if (rows.length < page) break
  }
  if (!ends()) return broken(`${last.record}: the last entries are missing`)
  const [lost] = open.keys()
  return broken(lost === undefined ? null : `${lost} has lost its whole history`)
}
