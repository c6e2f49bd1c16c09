import type { Change, Snapshot } from '#api/events'
import type { FloodView } from '#api/models/live'
import type { User } from '#api/models/people'
import { hasRole, mayDo } from '#api/rights'
import type { Log } from '#program/log'
import type { AlarmViews } from '../agents/alarms/alarmViews.ts'
import { commandOf, standingOf } from '../agents/alarms/rows.ts'
import type { Entry, Unrecorded } from '../agents/alarms/unrecorded.ts'
import type { Commands } from '../agents/link/commands.ts'
import { addressed } from '../books/addressee.ts'
import type { BooksReader } from '../books/books.ts'
import type { Touched } from '../books/unitOfWork.ts'
import type { CaseEngine } from '../engine/cases/caseEngine.ts'
import { CaseGuards } from '../engine/cases/caseGuards.ts'
import { seenBy } from '../engine/cases/caseList.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import type { Mirror } from '../mirror/mirror.ts'
import type { Hub } from '../realtime/hub.ts'
import { inTurn } from '../realtime/inTurn.ts'

const recentCommands = 50
const casesAtOnce = 500

/** What goes on at the plant, and what has become of an order; what people have written is for whoever is there. */
const shownWhileLocked: ReadonlySet<Change['kind']> = new Set(['alarm', 'flood', 'agent', 'holders', 'command', 'pace', 'site'])

type Parts = {
  read: BooksReader
  engine: CaseEngine
  alarms: AlarmViews
  unrecorded: Unrecorded
  mirror(): Mirror
  hub(): Hub
  flood(): FloodView | null
  commands(): Commands
  log: Log
  /** A transaction has promised something to the outside. */
  promised(): void
}

/** What screens are told, each person what he may see, after it is on the disk. */
export const openScreens = (p: Parts) => {
  const { read, engine, alarms, unrecorded } = p
  const guards = new CaseGuards()
  const telling = inTurn(error => p.log.error({ err: error }, 'the screens could not be told'))
  const tellKept = (entry: Entry | undefined) => {
    const alarm = entry && alarms.ofEntry(entry)
    if (alarm) p.hub().tell({ kind: 'alarm', alarm })
  }
  const tellNow = async (t: Touched) => {
    const hub = p.hub()
    const [alarmRows, cases, commands] = await Promise.all([
      t.alarms.size === 0
        ? []
        : read
            .selectFrom('alarm')
            .selectAll()
            .where('id', 'in', [...t.alarms])
            .execute(),
      t.cases.size === 0
        ? []
        : read
            .selectFrom('case_file')
            .selectAll()
            .where('id', 'in', [...t.cases])
            .execute(),
      t.commands.size === 0
        ? []
        : read
            .selectFrom('command')
            .selectAll()
            .where('id', 'in', [...t.commands])
            .execute(),
      guards.look(read, [...t.cases, ...t.hidden]),
    ])
    for (const row of alarmRows) {
      unrecorded.recorded(row)
      hub.tell({ kind: 'alarm', alarm: alarms.ofRow(row) })
      t.alarms.delete(row.id)
    }
    for (const id of t.alarms) tellKept(unrecorded.get(id))
    for (const row of cases) hub.tell({ kind: 'case', head: headOf(row) })
    for (const id of t.hidden) hub.tell({ kind: 'case-gone', id })
    for (const row of commands) {
      if (row.step !== 'sent') p.commands().settled(row.id)
      hub.tell({ kind: 'command', command: commandOf(row) })
    }
    if (t.charges) hub.tell({ kind: 'charges' })
    if (t.duties) hub.tell({ kind: 'duties' })
    if (t.overrides) hub.tell({ kind: 'overrides' })
    if (t.site) hub.tell({ kind: 'site' })
    if (t.notices.size > 0) hub.tell({ kind: 'notices', to: [...t.notices] })
    if (t.awaited) hub.sendSoon()
    if (t.outbox) p.promised()
  }
  return {
    /** In the order in which it was committed. */
    tell: (t: Touched) => telling(() => tellNow(t)),
    /** An agent went out of reach or came back: its standing alarms are unverified from now, or verified again. */
    agentTurned: (agent: string) =>
      telling(async () => {
        for (const r of await standingOf(read, agent)) p.hub().tell({ kind: 'alarm', alarm: alarms.ofRow(r) })
        for (const entry of unrecorded.entries) if (entry.source === agent) tellKept(entry)
      }),
    /** All that was to be told so far has been. */
    settled: () => telling(async () => {}),
    /** A change as this person may see it; undefined when not at all. */
    shownTo(who: User, change: Change): Change | undefined {
      if (who.locked && !shownWhileLocked.has(change.kind)) return undefined
      if (change.kind === 'case') {
        const procedure = engine.procedureOf(change.head)
        if (!hasRole(who.roles, procedure.sees) || guards.keeps(procedure, change.head, who)) return undefined
        return { ...change, head: engine.shownTo(who, change.head) }
      }
      // It goes from the screens of those from whom it is kept; the others never hear of it.
      if (change.kind === 'case-gone') return guards.isAbout(change.id, who) ? change : undefined
      if (change.kind === 'command' && !mayDo(who.roles, 'see-commands')) return undefined
      if (change.kind === 'notices') return addressed(who).some(a => change.to.includes(a)) ? { ...change, to: [] } : undefined
      if (change.kind === 'charges' && !mayDo(who.roles, 'see-charges')) return undefined
      return change
    },
    /** What a screen begins with. */
    async snapshot(who: User): Promise<Omit<Snapshot, 'seq' | 'server' | 'wall' | 'pace'>> {
      const first = engine.all().flatMap(x => (x.first ? [x.id] : []))
      const [open, counts, cases, latest] = await Promise.all([
        alarms.open(),
        alarms.counts(),
        seenBy(engine, read, who)
          .where('ended_at', 'is', null)
          .orderBy(e => e.case().when('procedure', 'in', first).then(0).else(1).end())
          .orderBy('opened_at', 'desc')
          .limit(casesAtOnce)
          .execute(),
        read.selectFrom('command').selectAll().orderBy('at', 'desc').limit(recentCommands).execute(),
      ])
      return {
        locked: who.locked,
        alarms: open,
        alarmCount: counts.reduce((sum, c) => sum + c.n, 0),
        cases: who.locked ? [] : cases.map(row => engine.shownTo(who, headOf(row))),
        commands: mayDo(who.roles, 'see-commands') && !who.locked ? latest.map(commandOf) : [],
        agents: p.mirror().views(),
        flood: p.flood(),
        holders: p.mirror().holders(),
      }
    },
  }
}
