import type { BooksReader } from './books.ts'
import { hashOfEntry } from './history.ts'

export type Proof = {
  records: number
  entries: number
  broken: { record: string; n: number; why: string } | null
}

const page = 5000

/** Walks every chain from its first entry to its head and names the first broken link. */
export const proveHistory = async (db: BooksReader): Promise<Proof> => {
  const proof: Proof = { records: 0, entries: 0, broken: null }
  let record = ''
  let n = 0
  let hash = ''
  const broken = (at: number, why: string) => {
    proof.broken ??= { record, n: at, why }
  }
  const endRecord = async () => {
    if (record === '') return
    const head = await db.selectFrom('history_head').selectAll().where('record', '=', record).executeTakeFirst()
    if (head?.n !== n || head.hash !== hash) broken(n, 'the last entries are missing, or the head was changed')
  }
  for (;;) {
    const rows = await db
      .selectFrom('history')
      .selectAll()
      .where(e => e.or([e('record', '>', record), e.and([e('record', '=', record), e('n', '>', n)])]))
      .orderBy('record')
      .orderBy('n')
      .limit(page)
      .execute()
    for (const row of rows) {
      if (row.record !== record) {
        await endRecord()
        if (proof.broken) return proof
        proof.records++
        record = row.record
        n = 0
        hash = ''
      }
      proof.entries++
      if (row.n !== n + 1) broken(row.n, `entry ${n + 1} is missing`)
      else if (row.hash !== hashOfEntry(row, hash)) broken(row.n, 'the entry is not what it was when it was written')
      if (proof.broken) return proof
      n = row.n
      hash = row.hash
    }
    if (rows.length < page) break
  }
  await endRecord()
  const heads = await db
    .selectFrom('history_head')
    .select(e => e.fn.countAll().as('n'))
    .executeTakeFirst()
  if (!proof.broken && Number(heads?.n ?? 0) !== proof.records)
    proof.broken = { record: '', n: 0, why: `${Number(heads?.n) - proof.records} records have lost their whole history` }
  return proof
}
