import { join } from 'node:path'
import { journalBody } from '#contract/journal'
import type { Holder } from '#contract/priority'
import type { Programme } from '#contract/programme'
import { openConnection } from '#store/sqlite'
import type { Stack } from './stack.ts'
import { until } from './wait.ts'

export type Disks = Awaited<ReturnType<typeof disks>>
/** The agent's journal and what it keeps, and what the console made of it, straight from both disks. */
export const disks = async (stack: Stack) => {
  const edge = await openConnection(join(stack.data, 'edge-agent', 'tower.db'), true)
  const desk = await openConnection(join(stack.data, 'console', 'books.db'), true)
  try {
    // Each as it stood at one moment, whatever arrives while it is being read.
    for (const side of [edge, desk]) await side.exec('begin')
    const rows = <T>(from: typeof edge, sql: string) => from.all(sql, []) as unknown as Promise<T[]>
    const kept = await rows<{ bucket: string; key: string; body: string }>(edge, 'select bucket, key, body from kept')
    const bucket = (name: string) => new Map(kept.filter(r => r.bucket === name).map(r => [r.key, JSON.parse(r.body) as unknown]))
    return {
      journal: (await rows<{ n: number; body: string }>(edge, 'select n, body from journal order by n')).map(r => ({
        n: r.n,
        body: journalBody.parse(JSON.parse(r.body)),
      })),
      standing: bucket('standing') as Map<string, { id: string }>,
      holders: bucket('holder') as Map<string, Holder[]>,
      programme: bucket('programme') as Map<string, Programme>,
      ingested: (await rows<{ n: number }>(desk, 'select n from ingested order by n')).map(r => r.n),
      gaps: await rows(desk, 'select * from journal_gap'),
      quarantine: await rows(desk, 'select * from quarantine'),
      alarms: await rows<{ id: string; key: string; returned_at: number | null }>(
        desk,
        "select id, key, returned_at from alarm where source = 'tower'",
      ),
      runs: await rows<{ id: string; to_at: number | null }>(desk, 'select id, to_at from run_interval'),
      commands: await rows<{ id: string; step: string; steps_json: string }>(desk, 'select id, step, steps_json from command'),
    }
  } finally {
    await edge.close()
    await desk.close()
  }
}

/** Waits until the books hold every record of the journal. */
export const caughtUp = (stack: Stack) =>
  until(
    'the books to hold every record of the journal',
    async () => {
      const both = await disks(stack)
      return both.journal.length > 0 && both.ingested.at(-1) === both.journal.at(-1)?.n ? both : undefined
    },
    60_000,
  )
