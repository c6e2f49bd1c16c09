import type { GateVerdict } from '#api/gateVerdicts'
import type { GateAct, GateView } from '#api/models/gate'
import type { RegisterEntry } from '#api/models/registers'
import { commandOf } from '../../server/agents/alarms/rows.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { inParts } from '../../server/books/inParts.ts'
import { entryOf } from '../../server/engine/registers/registerBook.ts'
import { openEntries } from '../../server/engine/registers/registerLife.ts'
import { passages, visitors } from './registers.ts'

const lastShown = 30
const eventsShown = 60

/** What came of these entries, by their ids, the newest first. */
const actsOf = async (db: BooksReader, entries: readonly RegisterEntry[]): Promise<ReadonlyMap<string, GateAct[]>> => {
  const acts = new Map<string, GateAct[]>(entries.map(e => [e.id, []]))
  for (const part of inParts([...acts.keys()])) {
    const rows = await db.selectFrom('gate_act').selectAll().where('entry', 'in', part).orderBy('id', 'desc').execute()
    const ids = rows.flatMap(r => r.command ?? [])
    const found = ids.length === 0 ? [] : await db.selectFrom('command').selectAll().where('id', 'in', ids).execute()
    const commands = new Map(found.map(c => [c.id, commandOf(c)]))
    for (const { id, at, device, verdict, entry, command } of rows)
      acts.get(entry)?.push({ id, at, device, verdict: verdict as GateVerdict, command: commands.get(command ?? '') ?? null })
  }
  return acts
}

const lastDealtWith = async (db: BooksReader): Promise<RegisterEntry[]> => {
  const rows = db.selectFrom('register_entry').selectAll().where('register', '=', passages.id).where('closed_at', 'is not', null)
  return (await rows.orderBy('at', 'desc').limit(lastShown).execute()).map(entryOf)
}

const lastEvents = async (db: BooksReader) => {
  const rows = await db.selectFrom('access_event').selectAll().orderBy('id', 'desc').limit(eventsShown).execute()
  return rows.map(({ id, at, device, event, detail }) => ({ id, at, device, event, detail }))
}

/** The gate as it is now (R71, R72). */
export const gateNow = async (db: BooksReader): Promise<GateView> => {
  const [waiting, passed, here, events] = await Promise.all([
    openEntries(db, passages),
    lastDealtWith(db),
    openEntries(db, visitors),
    lastEvents(db),
  ])
  const lists = {
    waiting: waiting.map(entryOf),
    passed,
    visitors: here.map(entryOf).filter(e => e.form['door'] !== undefined),
  }
  const acts = await actsOf(db, Object.values(lists).flat())
  const shown = (entries: readonly RegisterEntry[]) => entries.map(entry => ({ entry, acts: acts.get(entry.id) ?? [] }))
  return { waiting: shown(lists.waiting), passed: shown(lists.passed), visitors: shown(lists.visitors), events }
}
