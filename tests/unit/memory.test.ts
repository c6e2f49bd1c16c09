import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '#store/openStore'
import { type Effect, openEdgeMemory } from '../../edge-agent/memory/edgeMemory.ts'
import { JournalSender } from '../../edge-agent/uplink/journalSender.ts'
import { until } from '../harness/wait.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-memory-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const record = (event: string): Effect => ({ record: { type: 'access', at: 1, device: 'd', event, detail: '' } })

describe('the memory of an agent', () => {
  it('numbers records without a gap, in the order of the calls, and keeps them over a restart', async () => {
    const file = join(folder, 'edge.db')
    let memory = await openEdgeMemory(file)
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => memory.commit([record(`e${i}`)])))
    expect(answers.map(a => a[0]?.n)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    const { journalId } = memory
    await memory.close()
    memory = await openEdgeMemory(file)
    expect(memory.journalId).toBe(journalId)
    expect(memory.last).toBe(50)
    expect((await memory.commit([record('next')]))[0]?.n).toBe(51)
    expect((await memory.records(48, 10)).map(r => r.n)).toEqual([49, 50, 51])
    await memory.close()
  })
  it('keeps and forgets with the record, in one transaction', async () => {
    const memory = await openEdgeMemory(join(folder, 'edge.db'))
    await memory.commit([{ keep: 'standing', key: 'a', body: { x: 1 } }, record('raised')])
    expect(await memory.all('standing')).toEqual(new Map([['a', { x: 1 }]]))
    await memory.commit([{ forget: 'standing', key: 'a' }, record('returned')])
    expect(await memory.all('standing')).toEqual(new Map())
    await memory.close()
  })
  it('a new store has a new journal id', async () => {
    const a = await openEdgeMemory(join(folder, 'a.db'))
    const b = await openEdgeMemory(join(folder, 'b.db'))
    expect(a.journalId).not.toBe(b.journalId)
    await Promise.all([a.close(), b.close()])
  })
  it('a damaged store is refused with the way to repair it', async () => {
    const file = join(folder, 'edge.db')
    writeFileSync(file, 'this is no database '.repeat(500))
    await expect(openEdgeMemory(file)).rejects.toThrow(/damaged.*Move it away/)
  })
})

describe('sending the journal', () => {
  it('sends in order, goes back to what was acknowledged after a lost link, and loses nothing', async () => {
    const memory = await openEdgeMemory(join(folder, 'edge.db'))
    const received = new Set<number>()
    let high = 0
    let deaf = true
    const sender: JournalSender = new JournalSender(memory, async records => {
      if (deaf) return true // handed over, never acknowledged
      for (const r of records) {
        if (r.n === high + 1) high = r.n
        received.add(r.n)
      }
      queueMicrotask(() => sender.onAck(high))
      return true
    })
    sender.onUp()
    for (let i = 0; i < 300; i++) sender.add(await memory.commit([record(`e${i}`)]))
    sender.onDown()
    deaf = false
    sender.onUp()
    await until('all records acknowledged', () => sender.pending === 0)
    expect(high).toBe(300)
    expect(received.size).toBe(300)
    await memory.close()
  })
})

describe('the store', () => {
  type T = { t: { id: number; v: string } }
  const migrations = {
    '1': {
      up: async (db: { schema: unknown }) =>
        void (await (db as never as import('kysely').Kysely<T>).schema
          .createTable('t')
          .addColumn('id', 'integer')
          .addColumn('v', 'text')
          .execute()),
    },
  }
  it('keeps transactions apart: a rollback takes nobody else along', async () => {
    const store = await openStore<T>({ file: join(folder, 's.db'), synchronous: 'FULL', migrations })
    const jobs = Array.from({ length: 20 }, (_, i) =>
      store.write(async tx => {
        await tx.insertInto('t').values({ id: i, v: 'x' }).execute()
        if (i % 2 === 1) throw new Error('no')
      }),
    )
    await Promise.allSettled(jobs)
    const rows = await store.read.selectFrom('t').select('id').orderBy('id').execute()
    expect(rows.map(r => r.id)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
    await store.close()
  })
  it('refuses what the library would store wrongly in silence', async () => {
    const store = await openStore<T>({ file: join(folder, 's.db'), synchronous: 'FULL', migrations })
    for (const bad of [Number.NaN, 1n, {}])
      await expect(
        store.write(tx =>
          tx
            .insertInto('t')
            .values({ id: bad as number, v: 'x' })
            .execute(),
        ),
      ).rejects.toThrow(/cannot be stored/)
    await store.close()
  })
})
