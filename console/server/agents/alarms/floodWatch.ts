import { sql } from 'kysely'
import { ulid } from 'ulid'
import type { FloodView } from '#api/models/live'
import { system } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import type { UnitOfWork } from '../../books/unitOfWork.ts'
import { textOf } from '../../books/words.ts'
import { type Flood, floodMs, stepFlood } from '../../domain/flood.ts'

const minuteMs = 60_000
/** So many minutes stand in the picture of a flood. */
const pictureMinutes = 20

type Kept = Flood & { id: string; firstId: string }
type Parts = { read: BooksReader; unit: UnitOfWork; wall(): number; tell(flood: FloodView | null): void }

/** Alarms raised after that moment, but for those that are out of sight. */
const raisedAfter = (db: BooksReader, after: number) =>
  db
    .selectFrom('alarm as a')
    .where('a.raised_at', '>', after)
    .where(e =>
      e.not(
        e.exists(
          e
            .selectFrom('alarm_suppression as s')
            .select('s.id')
            .whereRef('s.source', '=', 'a.source')
            .where('s.ended_at', 'is', null)
            .where('a.level', '>', 1)
            .whereRef('s.level', '<=', 'a.level')
            .where(x => x.or([x('s.key', '=', x.ref('a.key')), x('s.key', '=', sql<string>`a.device || '/*'`)])),
        ),
      ),
    )

const rateNow = async (db: BooksReader, now: number) => {
  const row = await raisedAfter(db, now - floodMs)
    .select(e => [
      e.fn.countAll<number>().as('ten'),
      sql<number>`sum(case when a.raised_at > ${now - minuteMs} then 1 else 0 end)`.as('one'),
    ])
    .executeTakeFirst()
  return { inTen: Number(row?.ten ?? 0), inOne: Number(row?.one ?? 0) }
}

/** Watches how many alarms come; a flood is in the books with its beginning, its peak and its end. */
export const openFloodWatch = async ({ read, unit, wall, tell }: Parts) => {
  const open = await read.selectFrom('flood').selectAll().where('ended_at', 'is', null).executeTakeFirst()
  let flood: Kept | null = open
    ? { id: open.id, firstId: open.first_id, startedAt: open.started_at, peak: open.peak, peakAt: open.peak_at }
    : null
  let view: FloodView | null = null
  const show = async (inOne: number) => {
    const next = flood && (await viewOf(read, flood, inOne, wall()))
    if (JSON.stringify(next) === JSON.stringify(view)) return
    view = next
    tell(view)
  }
  const begin = async (next: Flood) => {
    const first = await raisedAfter(read, next.startedAt - floodMs)
      .select(['a.id', 'a.raised_at'])
      .orderBy('a.raised_at')
      .executeTakeFirst()
    if (!first) return
    const id = ulid()
    await unit(system, work =>
      work.tx
        .insertInto('flood')
        .values({ id, first_id: first.id, started_at: first.raised_at, ended_at: null, peak: next.peak, peak_at: next.peakAt })
        .execute(),
    )
    flood = { ...next, id, firstId: first.id, startedAt: first.raised_at }
  }
  const keep = async (known: Kept, set: { ended_at: number } | { peak: number; peak_at: number }) => {
    await unit(system, work => work.tx.updateTable('flood').set(set).where('id', '=', known.id).execute())
  }
  return {
    now: () => view,
    /** Looked for every second. */
    async look() {
      const now = wall()
      const rate = await rateNow(read, now)
      const before = flood
      const next = stepFlood(flood, rate, now)
      if (!before && !next) return
      if (!before && next) await begin(next)
      else if (before && !next) {
        await keep(before, { ended_at: now })
        flood = null
      } else if (before && next && next.peak !== before.peak) {
        await keep(before, { peak: next.peak, peak_at: next.peakAt })
        flood = { ...before, ...next }
      }
      await show(rate.inOne)
    },
  }
}

const viewOf = async (db: BooksReader, f: Kept, rate: number, now: number): Promise<FloodView> => {
  const last = Math.floor(now / minuteMs)
  const [first, total, minutes] = await Promise.all([
    db.selectFrom('alarm').select(['id', 'name_json']).where('id', '=', f.firstId).executeTakeFirst(),
    raisedAfter(db, f.startedAt - 1)
      .select(e => e.fn.countAll<number>().as('n'))
      .executeTakeFirst(),
    raisedAfter(db, (last - pictureMinutes + 1) * minuteMs - 1)
      .select([sql<number>`a.raised_at / ${sql.lit(minuteMs)}`.as('minute'), e => e.fn.countAll<number>().as('n')])
      .groupBy('minute')
      .execute(),
  ])
  const perMinute = Array.from({ length: pictureMinutes }, () => 0)
  for (const m of minutes) perMinute[Number(m.minute) - last + pictureMinutes - 1] = Number(m.n)
  return {
    id: f.id,
    startedAt: f.startedAt,
    count: Number(total?.n ?? 0),
    peak: f.peak,
    peakAt: f.peakAt,
    rate,
    first: { id: f.firstId, name: first ? textOf(first.name_json) : { zh: '', en: '' } },
    perMinute: perMinute.slice(0, pictureMinutes),
  }
}

/** Floods of the past, the newest first. */
export const floodsIn = async (db: BooksReader, limit: number) => {
  const rows = await db
    .selectFrom('flood')
    .leftJoin('alarm', 'alarm.id', 'flood.first_id')
    .select(['flood.id', 'started_at', 'ended_at', 'peak', 'peak_at', 'flood.first_id', 'alarm.name_json'])
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(r => ({
    id: r.id,
    startedAt: r.started_at,
    endedAt: r.ended_at,
    peak: r.peak,
    peakAt: r.peak_at,
    first: r.name_json === null ? null : textOf(r.name_json),
  }))
}
