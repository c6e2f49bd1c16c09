import { ulid } from 'ulid'
import type { JournalBody } from '#contract/journal'
import { keepSeal, type Seal } from '#store/keptSeals'
import { openStore, takesNothing } from '#store/openStore'
import { type EdgeTables, migrations } from './edgeTables.ts'
import { makeRoom } from './journalRoom.ts'

/** What must be true again after a restart, each a small document under its key. */
export type Bucket = 'standing' | 'holder' | 'latched' | 'run' | 'programme' | 'command' | 'heard' | 'witness' | 'test'

/** One change of memory: records and kept documents that belong together go in one call and one transaction. */
export type Effect = { record: JournalBody } | { keep: Bucket; key: string; body: unknown } | { forget: Bucket; key: string }

export type NumberedRecord = { n: number; body: JournalBody | unknown }

export type EdgeMemory = {
  readonly journalId: string
  /** Highest record number on disk. */
  readonly last: number
  readonly acked: number
  /** Resolves when everything is on the disk; records come back with their numbers. Calls are carried out in order. */
  commit(effects: readonly Effect[]): Promise<NumberedRecord[]>
  all(bucket: Bucket): Promise<Map<string, unknown>>
  records(after: number, limit: number): Promise<NumberedRecord[]>
  ack(upTo: number): void
  /** Notes that the agent lives, for how long it has (ms, monotonic), and how far its journal is acknowledged. */
  saveAlive(wall: number, livedMs: number): Promise<void>
  lastAlive(): Promise<{ wall: number; livedMs: number } | undefined>
  /** Keeps a head of the console's chain: one an hour for ever, and the last one, at most a minute old by `mono` (ms). */
  seal(seal: Seal, mono: number): Promise<void>
  /** How full the store is of what it may grow to, 0 to 1. */
  fill(): Promise<number>
  /** True while the disk takes nothing: records wait in memory until it does. */
  readonly full: boolean
  /** The console holds numbers that this disk never wrote: it was set back. From now on it counts as another journal. */
  startAnew(): Promise<void>
  close(): Promise<void>
}

const keepAckedMs = 7 * 86_400_000
const pruneEveryMs = 3_600_000
const sealEveryMs = 60_000
const fullRetryMs = 1000
const defaultMaxBytes = 512 * 1024 * 1024
/** From here on room is made before the limit is reached. */
const roomAt = 0.9

/**
 * The agent's own disk: the numbered journal and what stands now. A change of alarm or array and its record are one
 * transaction, on the disk before anything is sent (design §3).
 */
export const openEdgeMemory = async (file: string, maxBytes = defaultMaxBytes): Promise<EdgeMemory> => {
  const store = await openStore<EdgeTables>({ file, synchronous: 'FULL', migrations, maxBytes })
  const meta = async (key: string) =>
    (await store.read.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value
  const setMeta = (key: string, value: string) =>
    store.write(tx =>
      tx
        .insertInto('meta')
        .values({ key, value })
        .onConflict(c => c.column('key').doUpdateSet({ value }))
        .execute(),
    )
  let journalId = await meta('journal-id')
  if (!journalId) {
    // Made with the store, so that a replaced disk does not collide with the old one's numbers.
    journalId = ulid()
    await setMeta('journal-id', journalId)
  }
  let acked = Number((await meta('acked')) ?? 0)
  const top = await store.read
    .selectFrom('journal')
    .select(e => e.fn.max('n').as('n'))
    .executeTakeFirst()
  let last = Math.max(Number(top?.n ?? 0), acked)
  let waiting: { effects: readonly Effect[]; done(records: NumberedRecord[]): void; fail(error: unknown): void }[] = []
  let writing = false
  let closed = false
  let prunedAt = 0
  let sealedAt = Number.NEGATIVE_INFINITY
  let savedAck = acked
  let full = false

  /** Many callers, one transaction: whatever queued up during the last fsync goes with the next. */
  const drain = async () => {
    if (writing) return
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const start = last
      try {
        const answers = await store.write(async tx => {
          let n = start
          const results: NumberedRecord[][] = []
          for (const { effects } of batch) {
            const records: NumberedRecord[] = []
            for (const e of effects) {
              if ('record' in e) {
                n++
                await tx
                  .insertInto('journal')
                  .values({ n, at: e.record.at, body: JSON.stringify(e.record) })
                  .execute()
                records.push({ n, body: e.record })
              } else if ('keep' in e) {
                const body = JSON.stringify(e.body)
                await tx
                  .insertInto('kept')
                  .values({ bucket: e.keep, key: e.key, body })
                  .onConflict(c => c.columns(['bucket', 'key']).doUpdateSet({ body }))
                  .execute()
              } else await tx.deleteFrom('kept').where('bucket', '=', e.forget).where('key', '=', e.key).execute()
            }
            results.push(records)
          }
          return { n, results }
        })
        last = answers.n
        full = false
        batch.forEach((b, i) => {
          b.done(answers.results[i] ?? [])
        })
      } catch (error) {
        if (!takesNothing(error) || closed) for (const b of batch) b.fail(error)
        else {
          // Control goes on without a disk; what happened waits, in order, until there is room again.
          full = true
          waiting = [...batch, ...waiting]
          await makeRoom(store, acked, 'hard').catch(() => {})
          await new Promise(done => setTimeout(done, fullRetryMs))
        }
      }
    }
    writing = false
  }

  return {
    get journalId() {
      return journalId ?? ''
    },
    get last() {
      return last
    },
    get acked() {
      return acked
    },
    commit: effects =>
      new Promise((done, fail) => {
        waiting.push({ effects, done, fail })
        void drain()
      }),
    async all(bucket) {
      const rows = await store.read.selectFrom('kept').select(['key', 'body']).where('bucket', '=', bucket).execute()
      return new Map(rows.map(r => [r.key, JSON.parse(r.body) as unknown]))
    },
    async records(after, limit) {
      const rows = await store.read.selectFrom('journal').selectAll().where('n', '>', after).orderBy('n').limit(limit).execute()
      return rows.map(r => ({ n: r.n, body: JSON.parse(r.body) as unknown }))
    },
    ack(upTo) {
      if (upTo > acked && upTo <= last) acked = upTo
    },
    async saveAlive(wall, livedMs) {
      if (closed) return
      await setMeta('alive', JSON.stringify({ wall, livedMs }))
      // What is acked is only remembered to send less after a restart: it need not cost every record a second fsync.
      if (acked !== savedAck) await setMeta('acked', String(acked))
      savedAck = acked
      if ((await store.fill()) > roomAt) await makeRoom(store, acked, 'gentle')
      // Acked records stay a week, for a console restored from an older backup. Looking for the old ones costs, so hourly.
      if (wall - prunedAt < pruneEveryMs) return
      prunedAt = wall
      await store.write(tx =>
        tx
          .deleteFrom('journal')
          .where('n', '<=', savedAck)
          .where('at', '<', wall - keepAckedMs)
          .execute(),
      )
    },
    async lastAlive() {
      const kept = await meta('alive')
      return kept === undefined ? undefined : (JSON.parse(kept) as { wall: number; livedMs: number })
    },
    async seal(seal, mono) {
      if (closed || full || mono - sealedAt < sealEveryMs) return
      sealedAt = mono
      await store.write(tx => keepSeal(tx, seal))
    },
    fill: () => store.fill(),
    get full() {
      return full
    },
    async startAnew() {
      journalId = ulid()
      await setMeta('journal-id', journalId)
    },
    async close() {
      closed = true
      // Whatever has been asked for before stands in the queue ahead of this.
      await store.write(async () => {})
      await store.close()
    },
  }
}
