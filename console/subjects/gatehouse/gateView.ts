import type { GateVerdict } from '#api/gateVerdicts'
import type { GateEntry, GateView } from '#api/models/gate'
import type { RegisterEntry } from '#api/models/registers'
import { commandOf } from '../../server/agents/alarms/rows.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { inParts } from '../../server/books/inParts.ts'
import { entryOf } from '../../server/engine/registers/registerBook.ts'
import { openEntries } from '../../server/engine/registers/registerLife.ts'
import { passages, visitors } from './registers.ts'

const lastShown = 30
const eventsShown = 60

/** What came of each of these entries, the newest first. */
const withActs = async (db: BooksReader, entries: readonly RegisterEntry[]): Promise<GateEntry[]> => {
  const acts: (GateEntry['acts'][number] & { entry: string })[] = []
  for (const part of inParts(entries)) {
    const rows = await db
      .selectFrom('gate_act')
      .selectAll()
      .where(
        'entry',
        'in',
        part.map(e => e.id),
      )
      .orderBy('id', 'desc')
      .execute()
    const ids = rows.flatMap(r => r.command ?? [])
    const commands = ids.length === 0 ? [] : await db.selectFrom('command').selectAll().where('id', 'in', ids).execute()
    for (const r of rows) {
      const command = commands.find(c => c.id === r.command)
      const what = { id: r.id, at: r.at, device: r.device, verdict: r.verdict as GateVerdict }
      acts.push({ ...what, entry: r.entry, command: command ? commandOf(command) : null })
    }
  }
  return entries.map(entry => ({ entry, acts: acts.filter(a => a.entry === entry.id).map(({ entry: _, ...act }) => act) }))
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
  const visiting = here.map(entryOf).filter(e => e.form['door'] !== undefined)
  return {
    waiting: await withActs(db, waiting.map(entryOf)),
    passed: await withActs(db, passed),
    visitors: await withActs(db, visiting),
    events,
  }
}
