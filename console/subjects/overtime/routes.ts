import type { Selectable } from 'kysely'
import { Refusal } from '#api/errors'
import type { ChargeLine } from '#api/models/money'
import { yuan } from '#api/money'
import { both } from '#api/words/both'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import type { Route } from '#program/httpApi'
import { commandOf } from '../../server/agents/alarms/rows.ts'
import type { Books } from '../../server/books/schema.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { refusal } from '../../server/engine/refusal.ts'
import { sendXlsx } from '../../server/export/sendSheet.ts'
import { bookingFacts } from './bookingFacts.ts'
import { runsOf } from './charges.ts'
import { monthSheet } from './monthSheet.ts'
import { priced } from './quote.ts'

/** No page shows more at once. */
const mostShownMs = 7 * 86_400_000

const lineOf = (row: Selectable<Books['charge_line']> & { number: string }): ChargeLine => ({
  id: row.id,
  caseId: row.case_id,
  number: row.number,
  tenant: row.tenant,
  zone: row.zone,
  from: row.from_at,
  to: row.to_at,
  confirmedMinutes: row.confirmed_minutes,
  billableMinutes: row.billable_minutes,
  pricePerHourFen: row.fen_per_hour,
  fen: row.fen,
  note: row.note_json === null ? null : JSON.parse(row.note_json),
  missed: JSON.parse(row.missed_json),
})

/** How a price comes about, in a sentence. */
const quoteText = (t: typeof zh, q: Exclude<Awaited<ReturnType<typeof priced>>, { code: string }>): string => {
  const free = q.freeMinutes > 0 ? t.desk.freeMinutes(String(q.freeMinutes)) : ''
  const hours = t.desk.quoteReason(String(q.billableMinutes / 60), yuan(q.tariff.fenPerHour))
  const all = hours + free + (q.besideOthers ? t.desk.quotedBeside : '')
  return q.dayUnknown === null ? all : `${all}${t.marks.pause}${t.desk.dayUnknown(q.dayUnknown)}`
}

/** Quotes, the timeline, charge lines with their evidence, and the month-end sheet (R41, R38). */
export const overtimeRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const lines = (q: { month?: string; id?: string }) => {
    let query = db
      .selectFrom('charge_line')
      .innerJoin('case_file', 'case_file.id', 'charge_line.case_id')
      .selectAll('charge_line')
      .select('case_file.number')
    if (q.month) query = query.where('charge_line.month', '=', q.month)
    if (q.id) query = query.where('charge_line.id', '=', q.id)
    return query.orderBy('charge_line.tenant').orderBy('charge_line.from_at').execute()
  }
  const clock = desk.directory.calendar.clockOf
  return [
    deskRoute('GET /overtime/quote', async ({ query }) => {
      const quoted = await priced({ db, directory: desk.directory, rules: desk.rules }, query)
      if ('code' in quoted) throw refusal(quoted)
      const { tariff, besideOthers, ...q } = quoted
      const reason = both(t => quoteText(t, quoted))
      return { zone: query.zone, ...q, tariff: tariff.name, pricePerHourFen: tariff.fenPerHour, reason }
    }),
    deskRoute('GET /overtime/centre-hours', async ({ query: { from, to } }) => {
      if (to <= from) throw new Refusal('ends-before-start', 'to')
      if (to - from > mostShownMs) throw new Refusal('too-long', 'to')
      const { dateOf } = desk.directory.calendar
      return {
        hours: await desk.directory.centreHours(db, { from, to }),
        dayUnknown: desk.rules.calendar.unknownFrom(dateOf(from), dateOf(to - 1)),
      }
    }),
    deskRoute('GET /overtime/bookings', async ({ query }) => {
      const rows = await db
        .selectFrom('booking')
        .innerJoin('case_file', 'case_file.id', 'booking.case_id')
        .select([
          'case_file.id',
          'case_file.number',
          'case_file.state',
          'facts_json',
          'zone',
          'booking.tenant',
          'from_at',
          'to_at',
          'quoted_fen',
        ])
        .where('from_at', '<', query.to)
        .where('to_at', '>', query.from)
        .orderBy('from_at')
        .limit(2000)
        .execute()
      return (await bookingFacts(db, desk.rules, rows, desk.wall())).map(r => ({
        id: r.id,
        number: r.number,
        state: r.state,
        zone: r.zone,
        tenant: r.tenant,
        from: r.from,
        to: r.to,
        fen: r.quoted_fen,
        startBy: r.startBy,
        confirmedAt: r.confirmedAt,
      }))
    }),
    deskRoute('GET /tenants', () => db.selectFrom('tenant').selectAll().orderBy('short').execute()),
    deskRoute('GET /charges', async ({ query }) => (await lines(query)).map(lineOf)),
    deskRoute('GET /charges/:id/evidence', async ({ params }) => {
      const [row] = await lines(params)
      if (!row) throw new Refusal('unknown-charge', 'id')
      const line = lineOf(row)
      const runs = await runsOf(db, line.zone, line.from, line.to, desk.wall())
      const zone = desk.directory.site.zones.find(z => z.id === line.zone)
      const chain = [
        zone?.controller,
        ...desk.directory.site.devices.filter(d => d.feeds.includes(zone?.controller ?? '')).map(d => d.id),
      ]
      const commands = await db
        .selectFrom('command')
        .selectAll()
        .where('at', '>=', line.from - 600_000)
        .where('at', '<=', line.to + 600_000)
        .where(e => e.or(chain.filter(c => c !== undefined).map(c => e('point', 'like', `${c}/%`))))
        .orderBy('at')
        .limit(50)
        .execute()
      return {
        line,
        runs: runs.map(r => ({ id: r.id, from: r.from_at, to: r.to_at, why: r.why, proof: JSON.parse(r.proof_json) })),
        commands: commands.map(commandOf),
        counted: JSON.parse(row.counted_json),
      }
    }),
    deskRoute('GET /charges/month-sheet.xlsx', async ({ query, response }) => {
      const { language } = query
      const t = language === 'zh' ? zh : en
      const names = new Map((await db.selectFrom('tenant').select(['id', 'name']).execute()).map(t => [t.id, t.name]))
      const byTenant = new Map<string, ChargeLine[]>()
      for (const row of await lines(query)) {
        const name = names.get(row.tenant) ?? row.tenant
        byTenant.set(name, [...(byTenant.get(name) ?? []), lineOf(row)])
      }
      const rows = [...byTenant].map(([tenant, list]) => ({
        tenant,
        lines: list.map(l => ({
          ...l,
          zoneName: desk.directory.placeName(l.zone)[language],
          date: desk.directory.calendar.dateOf(l.from),
          hours: `${clock(l.from)}–${clock(l.to)}`,
          noteText: l.note?.[language] ?? '',
        })),
      }))
      const site = desk.directory.site.name[language]
      const file = await monthSheet(t.charges.sheet, site, query.month, t.desk.sheet, t.charges, rows)
      sendXlsx(response, `month-sheet-${query.month}`, file)
    }),
  ]
}
