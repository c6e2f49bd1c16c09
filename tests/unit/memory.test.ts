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
    sender.onDown()
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

describe('a bounded journal', () => {
  const raised = (key: string): Effect => ({
    record: {
      type: 'alarm-raised',
      at: 1,
      alarm: {
        id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
        key,
        level: 3,
        kind: 'equipment',
        device: null,
        point: null,
        place: null,
        name: { zh: key, en: key },
        raisedAt: 1,
        value: null,
        limit: null,
        unverifiedSince: null,
      },
    },
  })
  const types = async (memory: Awaited<ReturnType<typeof openEdgeMemory>>) =>
    (await memory.records(0, 10_000)).map(r => (r.body as { type: string }).type)
  const bulk = (n: number) => Array.from({ length: n }, (_, i) => ({ record: { ...access, event: `e${i}` } }))
  const access = { type: 'access' as const, at: 1, device: 'd', event: '', detail: 'x'.repeat(120) }

  it('makes room from what is acknowledged, then from access events, and never from alarms', async () => {
    const memory = await openEdgeMemory(join(folder, 'edge.db'), 400_000)
    await memory.commit([raised('first')])
    while ((await memory.fill()) < 0.91) await memory.commit(bulk(50))
    memory.ack(100)
    const before = await types(memory)
    await memory.saveAlive(2, 2)
    expect((await memory.records(0, 1))[0]?.n).toBe(11)
    expect((await types(memory)).length).toBe(before.length - 10)
    // Nothing acknowledged is left: now the oldest access events go, and the second alarm stays.
    await memory.commit([raised('second')])
    memory.ack(100)
    for (let i = 0; i < 40; i++) await memory.commit(bulk(60))
    expect(memory.full).toBe(false)
    const left = await types(memory)
    expect(left.filter(t => t === 'alarm-raised').length).toBeGreaterThanOrEqual(1)
    expect((await memory.records(0, 10_000)).some(r => JSON.stringify(r.body).includes('second'))).toBe(true)
    expect(memory.last).toBeGreaterThan(2400)
    await memory.close()
  })
  it('a store in which nothing may be dropped takes nothing, says so, keeps what waits, and goes on when there is room', async () => {
    const memory = await openEdgeMemory(join(folder, 'edge.db'), 200_000)
    let written = 0
    const waiting: Promise<unknown>[] = []
    while (!memory.full) {
      waiting.push(memory.commit(Array.from({ length: 20 }, (_, i) => raised(`a${i}`))).then(() => written++))
      await Promise.race([waiting.at(-1), until('the store to be full', () => memory.full)])
    }
    waiting.push(memory.commit([raised('the last')]))
    const held = memory.last
    expect(written).toBe(waiting.length - 2)
    // The console acknowledges: what it holds may go.
    memory.ack(held)
    await Promise.all(waiting)
    expect(memory.full).toBe(false)
    const numbers = (await memory.records(held, 10_000)).map(r => r.n)
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, i) => held + 1 + i))
    await memory.close()
  })
  it('a disk that was set back to an older copy is another journal', async () => {
    const memory = await openEdgeMemory(join(folder, 'edge.db'))
    await memory.commit([raised('a')])
    const { journalId } = memory
    const sender = new JournalSender(memory, async () => true)
    sender.onUp()
    sender.onHighWater(40, 'console')
    await until('a new journal id', () => memory.journalId !== journalId)
    sender.onDown()
    await memory.close()
  })
})
