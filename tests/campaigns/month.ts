import { ulid } from 'ulid'
import type { MonthVerb } from '#api/models/months'
import type { Role } from '#api/rights'
import { realPace } from '#contract/pace'
import { realWallClock } from '#program/wallClock'
import { noteRun } from '../../console/server/agents/journal/runBook.ts'
import { faultText, proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import { actOnLine, linesShown } from '../../console/server/engine/cases/lineBook.ts'
import { DutyBook } from '../../console/server/engine/routines/dutyBook.ts'
import { openWallWatch } from '../../console/server/mirror/wallWatch.ts'
import { actOnMonth, monthOf } from '../../console/subjects/monthEnd/months.ts'
import { finishOvertime } from '../../console/subjects/overtime/endings.ts'
import { hearAgents, leaseZone, openConsoleBooks } from '../harness/consoleBooks.ts'
import { dice } from './dice.ts'

export type MonthFigures = {
  seed: number
  bookings: number
  segments: number
  changes: number
  services: number
  repairs: number
  moves: number
  late: number
  duties: number
  seconds: number
  totalFen: number
  trouble: string[]
}
type Wanted = { bookings: number; services: number; repairs: number; moves: number; seed: number; say?: (line: string) => void }

const min = 60_000
const day = 1440 * min
const first = Date.parse('2026-11-02T00:00:00+08:00')
/** Working evenings of the month on which the centre closes at 19:00; the last one is that of the month's end. */
const evenings = [...Array(28).keys()]
  .map(d => first + d * day)
  .filter(t => ![0, 6].includes(new Date(t + 8 * 3_600_000).getUTCDay()))
const fenPerHour = 12_000

/** What was chosen and what ran of one zone on one evening, minute by minute. */
type Evening = { chosen: Set<number>; ran: Set<number> }

/**
 * What an evening costs, told as plainly as the tariff is written: whole quarters of what ran, an hour at least where so much ran or where the
 * customer had chosen less and got it. Knows nothing of the console's own arithmetic.
 */
const plainFen = ({ chosen, ran }: Evening): number => {
  const got = [...chosen].filter(m => ran.has(m)).length
  const quarters = Math.floor(got / 15) * 15
  const shortAndGot = chosen.size < 60 && got > 0 && chosen.size - got <= 1
  const billed = got >= 60 || shortAndGot ? Math.max(60, quarters) : quarters
  return (billed * fenPerHour) / 60
}

/**
 * A month of a tower: bookings of one and several zones, longer, shorter and stopped, that ran in whole or in part; services, repairs and moves
 * beside them. What goes to Finance must be what a second, plain calculation comes to, to the fen; late records of runs then come into the next
 * month, and over both months it must be so again.
 */
export const monthCampaign = async (o: Wanted): Promise<MonthFigures> => {
  const chance = dice(o.seed)
  const began = performance.now()
  let now = first
  const desk = await openConsoleBooks(() => now)
  const trouble: string[] = []
  const expect = (holds: boolean, what: string) => {
    if (!holds) trouble.push(what)
  }
  try {
    const zones = desk.site.zones.filter(z => !desk.site.alwaysOn.includes(z.id)).map(z => z.id)
    await leaseZone(desk, ...zones)
    const agents = desk.site.agents.map(a => a.id)
    hearAgents(desk, now)
    const as = (role: Role) => ({ id: role, display: role, station: 'campaign', proven: true })
    const open = (role: Role, procedure: string, form: object) =>
      desk.unit(as(role), work => desk.engine.open(work, procedure, { form: { ...form } }, { roles: [role] }))
    const act = (role: Role, id: string, verb: string, said: object = {}) =>
      desk.unit(as(role), work => desk.engine.act(work, id, verb, { ...said }, { roles: [role] }))
    const wallWatch = openWallWatch(
      () => now,
      () => now,
      () => realPace,
    )
    const chore = () => finishOvertime({ ...desk, clock: realWallClock, wallWatch }, now)

    const known = new Map<string, Evening>()
    const eveningOf = (zone: string, at: number) => {
      const key = `${zone} ${at}`
      const found = known.get(key) ?? { chosen: new Set<number>(), ran: new Set<number>() }
      known.set(key, found)
      return found
    }
    const mark = (into: Set<number>, from: number, to: number) => {
      for (let m = Math.round(from / min); m < Math.round(to / min); m++) into.add(m)
    }
    /** What ran late to be told: after the month has gone. */
    const lateRuns: { zone: string; from: number; to: number; evening: number }[] = []
    const tellRun = async (zone: string, from: number, to: number) => {
      const run = {
        type: 'run' as const,
        at: to,
        id: ulid(),
        zone,
        from,
        to,
        lastedMs: to - from,
        why: 'stopped' as const,
        evidence: [],
      }
      const controller = desk.site.zones.find(z => z.id === zone)?.controller ?? ''
      await desk.unit(as('operator'), work =>
        noteRun(work, desk.mirror.agentOf(controller) ?? agents[0] ?? '', run, desk.reactions),
      )
    }
    const quotes = async (id: string) =>
      (await desk.books.read.selectFrom('booking').select(['zone', 'from_at', 'to_at']).where('case_id', '=', id).execute()).map(
        b => ({
          zone: b.zone,
          from: b.from_at,
          to: b.to_at,
        }),
      )
    /** The price is told as the desk tells it: refused once with the right one, then taken. */
    const priced = async <T>(attempt: (fen: number) => Promise<T>): Promise<T> => {
      try {
        return await attempt(0)
      } catch (e) {
        const fen = (e as { detail?: { fen?: number } }).detail?.fen
        if (fen === undefined) throw e
        return attempt(fen)
      }
    }

    const duties = new DutyBook(desk.engine.around)
    let dutyDay = first
    let signed = 0
    /** What is owed by the evening of each day up to this one, by whom it is owed. */
    const signDuties = async (until: number) => {
      for (; dutyDay <= until; dutyDay += day) {
        now = dutyDay + (17 * 60 + 20) * min
        await duties.make(desk.books, desk.unit, now)
        await duties.chase(desk.books, desk.unit, now)
        const due = await desk.books.read
          .selectFrom('duty')
          .selectAll()
          .where('done_at', 'is', null)
          .where('limit_at', '<', dutyDay + day)
          .execute()
        for (const d of due) {
          const { owes } = duties.routine(d.routine) ?? { owes: 'manager' }
          try {
            await desk.unit(as(owes), work => duties.done(work, d.id, '已办', { roles: [owes] }))
            signed++
          } catch (e) {
            expect(false, `${d.routine} ${d.period}: ${(e as { code?: string }).code ?? String(e)}`)
          }
        }
      }
    }
    let [bookings, segments, changes, services, repairs, moves] = [0, 0, 0, 0, 0, 0]
    let servicesFen = 0
    const perEvening = (all: number) => Math.ceil(all / evenings.length)
    for (const midnight of evenings) {
      const begin = midnight + 19 * 60 * min
      now = midnight + 9 * 60 * min
      for (let i = 0; i < perEvening(o.repairs) && repairs < o.repairs; i++, repairs++) {
        const { id } = await open('front-desk', 'repair', {
          address: 'f5-w',
          content: `报修 ${repairs}`,
          contact: '陈立',
          phone: '138',
          kind: 'repair',
        })
        for (const [verb, said] of [['accept'], ['arrive'], ['finish', { result: '已修' }]] as const)
          await act('engineer', id, verb, said)
      }
      for (let i = 0; i < perEvening(o.services) && services < o.services; i++, services++) {
        const priceFen = 1000 + chance.below(50_000)
        const { id } = await open('front-desk', 'special-cleaning', {
          address: 'f12-e',
          contact: '张伟',
          phone: '138',
          wishes: '打蜡',
        })
        await act('front-desk', id, 'agree', { when: now, priceFen })
        await act('front-desk', id, 'serve')
        await act('front-desk', id, 'sign', { satisfied: 'good', signature: '张伟' })
        servicesFen += priceFen
      }
      for (let i = 0; i < perEvening(o.moves) && moves < o.moves; i++, moves++) {
        const { id } = await open('front-desk', 'move-in', {
          ...{
            address: 'f5-w',
            company: `公司 ${moves}`,
            contact: '陈立',
            phone: '138',
            notice: '2026-11-01',
            entry: '2026-12-10',
          },
        })
        for (const [list, role, verb, said] of [
          ['documents', 'front-desk', 'receive', { signature: '陈立' }],
          ['facilities', 'engineer', 'good', {}],
          ['forms', 'front-desk', 'collect', {}],
        ] as const) {
          const head = await desk.engine.head(desk.books.read, id)
          const who = { ...as(role), roles: [role] as Role[] }
          const lines = await linesShown(desk.books.read, desk.engine.procedureOf(head), head, who)
          for (const l of lines.filter(x => x.list === list))
            await desk.unit(as(role), async work =>
              actOnLine(
                desk.engine,
                work,
                await desk.engine.head(work.tx, id),
                { line: l.id, verb, said: { ...said }, seen: l.state },
                who,
              ),
            )
        }
        await act('front-desk', id, 'notify', { entry: '2026-12-10' })
        await act('front-desk', id, 'enter')
      }

      await signDuties(midnight)

      // The evening: zones are dealt out among its bookings.
      const free = [...zones]
      const tonight: { id: string; zones: string[]; to: number }[] = []
      now = midnight + 17 * 60 * min
      for (let i = 0; i < perEvening(o.bookings) && bookings < o.bookings && free.length > 0; i++, bookings++) {
        const mine = Array.from(
          { length: chance.below(3) === 0 && free.length > perEvening(o.bookings) - i ? 2 : 1 },
          () => free.splice(chance.below(free.length), 1)[0] ?? '',
        ).filter(z => z !== '')
        const [zone = '', ...also] = mine
        const to = begin + (20 + chance.below(200)) * min
        const form = { zone, ...(also.length > 0 ? { also } : {}), from: begin, to, contact: '张伟', phone: '138' }
        const { id } = await priced(quotedFen => open('front-desk', 'overtime', { ...form, quotedFen }))
        await act('front-desk', id, 'accept')
        await act('front-desk', id, 'sign', { signature: '张伟' })
        tonight.push({ id, zones: mine, to })
        segments += mine.length
      }
      now = begin + 10 * min
      for (const b of tonight) {
        const what = chance.below(5)
        const longer = b.to + (chance.below(2) === 0 ? 60 : -5) * min
        if (what === 0 && longer > now) {
          await priced(quotedFen => act('front-desk', b.id, 'change', { to: longer, quotedFen, signature: '张伟' }))
          b.to = longer
          changes++
        } else if (what === 1) {
          await act('front-desk', b.id, 'stop', { reason: '散会' })
          b.to = now
          changes++
        }
      }
      for (const b of tonight)
        for (const { zone, from, to } of await quotes(b.id)) {
          const evening = eveningOf(zone, begin)
          mark(evening.chosen, from, to)
          // Most run as they should; some begin late, break off, or are not confirmed at all.
          const how = chance.below(10)
          const length = (to - from) / min
          const gap = how < 6 ? 0 : how < 9 ? Math.min(length, 1 + chance.below(90)) : length
          if (gap < length) {
            mark(evening.ran, from + gap * min, to)
            await tellRun(zone, from + gap * min, to)
          }
          if (gap > 2 && chance.below(6) === 0) lateRuns.push({ zone, from, to: from + gap * min, evening: begin })
        }
      now = begin + 300 * min
      await chore()
      const left = await desk.books.read
        .selectFrom('case_file')
        .select('number')
        .where('procedure', '=', 'overtime')
        .where('ended_at', 'is', null)
        .execute()
      expect(left.length === 0, `${left.length} bookings of the evening go on`)
    }
    o.say?.(
      `${bookings} bookings of ${segments} zones and evenings, ${changes} changed; ${services} services, ${repairs} repairs, ${moves} moves`,
    )

    const around = desk.engine.around
    const people: Record<string, Role[]> = {
      head: ['supervisor'],
      desk: ['front-desk'],
      finance: ['finance'],
      audit: ['finance'],
    }
    const someone = (id: string) => ({ id, display: id, roles: people[id] ?? [] })
    const month = (m: string) => monthOf(around, desk.books.read, m, someone('head'))
    const step = async (m: string, verb: MonthVerb, by: string) => {
      const { lines, totalFen } = await month(m)
      await desk.unit({ id: by, display: by, station: 'campaign', proven: true }, work =>
        actOnMonth(work, around, m, verb, { seen: { lines: lines.length, totalFen } }, someone(by)),
      )
    }
    const plainTotal = () => [...known.values()].reduce((sum, e) => sum + plainFen(e), 0) + servicesFen
    const lastDay = Date.parse('2026-11-30T00:00:00+08:00')
    await signDuties(lastDay - day)
    now = lastDay + 16 * 60 * min
    const november = await month('2026-11')
    expect(november.totalFen === plainTotal(), `November is ${november.totalFen} fen, plainly ${plainTotal()}`)
    expect(november.lines.reduce((s, l) => s + l.fen, 0) === november.totalFen, 'the lines do not add up to the total')
    expect(
      november.lines.every(l => l.kind === 'own'),
      'something of November is not its own',
    )
    await step('2026-11', 'check', 'head')
    await step('2026-11', 'hand', 'desk')
    const handed = november.totalFen
    await signDuties(lastDay)
    const owed = await desk.books.read
      .selectFrom('duty')
      .select(['routine', 'period', 'done_at', 'missed_at'])
      .where('limit_at', '>=', first)
      .where('limit_at', '<', lastDay + day)
      .execute()
    for (const d of owed) expect(d.done_at !== null && d.missed_at === null, `${d.routine} ${d.period} was not done on its day`)
    expect(owed.length === signed, `${signed} duties signed of ${owed.length}`)

    // What agents tell late comes into the next month as a difference; what went stays as it went.
    now = Date.parse('2026-12-05T10:00:00+08:00')
    for (const r of lateRuns) {
      mark(eveningOf(r.zone, r.evening).ran, r.from, r.to)
      await tellRun(r.zone, r.from, r.to)
    }
    const december = await month('2026-12')
    expect((await month('2026-11')).totalFen === handed, 'what went to Finance has changed')
    expect(december.totalFen === plainTotal() - handed, `December is ${december.totalFen} fen, plainly ${plainTotal() - handed}`)
    const { faults } = await proveBooks(desk.books.read)
    expect(faults.length === 0, `the books do not prove themselves: ${faults.map(faultText).join('; ')}`)
    return {
      ...{ seed: o.seed, bookings, segments, changes, services, repairs, moves, late: lateRuns.length, duties: signed },
      ...{ seconds: Math.round((performance.now() - began) / 100) / 10, totalFen: handed + december.totalFen, trouble },
    }
  } finally {
    await desk.close()
  }
}
