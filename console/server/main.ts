import { join } from 'node:path'
import { Gauge } from 'prom-client'
import type { Change } from '#api/events'
import type { User } from '#api/models/people'
import { hasRole, mayDo } from '#api/rights'
import { both } from '#api/words/both'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import { isSimulated } from '#contract/pace'
import { resolveSetting } from '#contract/parseSite'
import { listen, newRegistry } from '#program/health'
import { openCalendar } from '#program/localCalendar'
import { runProgram } from '#program/runProgram'
import { readCatalogue, readSite } from '#program/siteFiles'
import { monotonicMs } from '#program/wallClock'
import { storeFailed } from '#store/openStore'
import { takeSole } from '#store/soleOwner'
import { procedures } from '../subjects/all.ts'
import { Emergencies, noteOverdueSteps } from '../subjects/emergency/tickets.ts'
import { zoneChains } from '../subjects/overtime/bookingFacts.ts'
import { finishOvertime, windUpUnsigned } from '../subjects/overtime/endings.ts'
import { watchStarts } from '../subjects/overtime/starts.ts'
import { openAlarmViews } from './agents/alarms/alarmViews.ts'
import { bringIn } from './agents/alarms/bringIn.ts'
import { openConsoleAlarms } from './agents/alarms/consoleAlarms.ts'
import { commandOf, rowsOf, standingOf } from './agents/alarms/rows.ts'
import { type Entry, Unrecorded } from './agents/alarms/unrecorded.ts'
import { highWaters, openJournalBook } from './agents/journal/journalBook.ts'
import { onAgentMessages } from './agents/link/agentMessages.ts'
import { type BrokerLink, openBrokerLink } from './agents/link/brokerLink.ts'
import { openCommands } from './agents/link/commands.ts'
import { openProgrammeBook } from './agents/programme/programmeBook.ts'
import { openAttachmentFiles } from './attachments/attachmentFiles.ts'
import { openDiskRoom } from './attachments/diskRoom.ts'
import { openUploads } from './attachments/uploads.ts'
import { openAccounts } from './auth/accounts.ts'
import { addressed } from './books/addressee.ts'
import { system } from './books/audit.ts'
import { openBooks } from './books/books.ts'
import { watchBooks } from './books/booksWatch.ts'
import { promise } from './books/outbox.ts'
import { nothingTouched, type Touched, unitOfWork } from './books/unitOfWork.ts'
import { openRealTime, paceView } from './demo/demoClock.ts'
import { firstAdministrator, seedDemo } from './demo/deskFile.ts'
import { openSimulators } from './demo/simulators.ts'
import { CaseEngine } from './engine/cases/caseEngine.ts'
import { CaseGuards } from './engine/cases/caseGuards.ts'
import { headOf } from './engine/cases/caseRows.ts'
import { headShownTo } from './engine/cases/shown.ts'
import { DutyBook } from './engine/routines/dutyBook.ts'
import { makeApp, sameOrigin } from './http/app.ts'
import { openBugs } from './http/bugs.ts'
import { openDoor, refuseUpgrade } from './http/door.ts'
import { openAgentChanges } from './mirror/agentChanges.ts'
import { openLiveState } from './mirror/liveState.ts'
import { Mirror } from './mirror/mirror.ts'
import { StandingPages } from './mirror/standingPages.ts'
import { openWallWatch } from './mirror/wallWatch.ts'
import { type Hub, openHub } from './realtime/hub.ts'
import { inTurn } from './realtime/inTurn.ts'
import { indexMissing } from './search/searchBook.ts'
import { Directory } from './site/directory.ts'
import { SiteRules } from './site/siteRules.ts'

const clockMs = 1000
const graceMs = 10_000
/** A clock further off than this falsifies the times of alarms and charges. */
const clockLimitMs = 10_000
const recentCommands = 50

await runProgram('console', async ({ env, log, clock, ready, leave }) => {
  const profiles = readCatalogue(env.ZHIBAN_PROFILES)
  const site = readSite(env.ZHIBAN_SITE, profiles)
  if (!site.demo && (env.ZHIBAN_CLOCK_FILE || isSimulated(clock.pace)))
    throw new Error('ZHIBAN_TIME and ZHIBAN_CLOCK_FILE are refused: this site is not marked demo: true')
  const user = env.ZHIBAN_MQTT_USER ?? resolveSetting(site.console.user, process.env) ?? ''
  const password = env.ZHIBAN_MQTT_PASSWORD ?? resolveSetting(site.console.password, process.env)
  if (!password) throw new Error(`set ZHIBAN_MQTT_PASSWORD or ${site.console.password.replace('env:', '')}`)
  const wall = () => clock.now()
  const wallWatch = openWallWatch(wall, monotonicMs, () => clock.pace)
  const realTime = openRealTime(clock, log)
  const metrics = newRegistry('console')

  // ---- books and rules
  const folder = join(env.ZHIBAN_DATA, 'console')
  const sole = await takeSole(join(folder, 'owner'))
  if (!sole)
    throw new Error(
      `${folder} belongs to another console that is running: stop that one, or set ZHIBAN_DATA to a folder of its own`,
    )
  const books = watchBooks(await openBooks(join(folder, 'books.db')))
  const directory = new Directory(site, openCalendar(site.timeZone))
  const accounts = await openAccounts(books)
  const users = site.demo ? await seedDemo(env.ZHIBAN_SITE, books, accounts) : await firstAdministrator(accounts)
  // The air that is paid for does not end with a clock that somebody has put wrong.
  const programme = await openProgrammeBook(books, directory, wallWatch.steady)
  const lists = new Map<string, StandingPages>()
  const standing = (agent: string) => {
    const list = lists.get(agent) ?? new StandingPages()
    lists.set(agent, list)
    return list
  }
  for (const { agent, journalId, upTo } of await highWaters(books.read)) standing(agent).onJournal(journalId, upTo)

  // ---- what screens are told, after it is on the disk
  const unrecorded = new Unrecorded({
    rowsOf: (ids, allOf) => rowsOf(books.read, ids, allOf),
    wall,
    failed: error => log.error({ err: error }, 'bug: what is not recorded could not be shown'),
    changed: ids => void tell({ ...nothingTouched(), alarms: new Set(ids) }),
  })
  const alarms = openAlarmViews({ read: books.read, unrecorded, mirror: () => mirror, standing: lists })
  const guards = new CaseGuards()
  const telling = inTurn(error => log.error({ err: error }, 'the screens could not be told'))
  const tell = (t: Touched) => telling(() => tellNow(t))
  const tellKept = (entry: Entry | undefined) => {
    const alarm = entry && alarms.ofEntry(entry)
    if (alarm) hub.tell({ kind: 'alarm', alarm })
  }
  const tellNow = async (t: Touched) => {
    const db = books.read
    const [alarmRows, cases, commandRows] = await Promise.all([
      t.alarms.size > 0
        ? db
            .selectFrom('alarm')
            .selectAll()
            .where('id', 'in', [...t.alarms])
            .execute()
        : [],
      t.cases.size > 0
        ? db
            .selectFrom('case_file')
            .selectAll()
            .where('id', 'in', [...t.cases])
            .execute()
        : [],
      t.commands.size > 0
        ? db
            .selectFrom('command')
            .selectAll()
            .where('id', 'in', [...t.commands])
            .execute()
        : [],
    ])
    for (const row of alarmRows) {
      unrecorded.recorded(row)
      hub.tell({ kind: 'alarm', alarm: alarms.ofRow(row) })
      t.alarms.delete(row.id)
    }
    for (const id of t.alarms) tellKept(unrecorded.get(id))
    await guards.look(db, [...t.cases, ...t.hidden])
    for (const row of cases) hub.tell({ kind: 'case', head: headOf(row) })
    for (const id of t.hidden) hub.tell({ kind: 'case-gone', id })
    for (const row of commandRows) {
      if (row.step !== 'sent') commands.settled(row.id)
      hub.tell({ kind: 'command', command: commandOf(row) })
    }
    if (t.charges) hub.tell({ kind: 'charges' })
    if (t.duties) hub.tell({ kind: 'duties' })
    if (t.notices.size > 0) hub.tell({ kind: 'notices', to: [...t.notices] })
    if (t.outbox) drainOutbox().catch(error => log.error({ err: error }, 'the outbox will be tried again'))
  }
  const unit = unitOfWork(books, wall, tell)
  const rules = await SiteRules.open(books.read, directory)
  const live = openLiveState(site, profiles, () => mirror)
  const engine = new CaseEngine(procedures, directory, rules, live)
  const duties = new DutyBook(rules, engine, directory)
  await indexMissing(books, unit, directory, id => engine.procedure(id))
  const emergencies = new Emergencies(engine, directory, () => hub.present(), realTime)
  const consoleAlarms = openConsoleAlarms({ books, unit, emergencies, unrecorded })

  /** What transactions promised to the outside. Repeating it does no harm, so done is noted after the deed. */
  const drainOutbox = async () => {
    const open = await books.read.selectFrom('outbox').selectAll().where('done_at', 'is', null).execute()
    if (open.length === 0) return
    await programme.renew()
    // An agent that does not get it now asks for it with its next report.
    for (const agent of mirror.agents.keys()) void link.programme(agent, programme.current)
    const ids = open.map(r => r.id)
    await books.write(tx => tx.updateTable('outbox').set({ done_at: wall() }).where('id', 'in', ids).execute())
  }

  // What was open when the console stopped is so still.
  const openTicket = books.read.selectFrom('case_file').select('id').where('procedure', '=', 'emergency')
  if (await openTicket.where('ended_at', 'is', null).executeTakeFirst()) realTime(wall())

  // ---- the live side
  let closing = false
  const newsOf = openAgentChanges()
  const mirror = new Mirror(site, wall(), monotonicMs, {
    onAgent(agent) {
      const news = newsOf(agent)
      if (news) hub.tell({ kind: 'agent', agent: news })
    },
    onAgentTurned(agent) {
      link.greet()
      // Its standing alarms are unverified from now, or verified again.
      void telling(async () => {
        for (const r of await standingOf(books.read, agent)) hub.tell({ kind: 'alarm', alarm: alarms.ofRow(r) })
        for (const entry of unrecorded.entries) if (entry.source === agent) tellKept(entry)
      })
    },
    onHolders: holders => hub.tell({ kind: 'holders', holders }),
    onValues: refs => hub.touch(refs),
    onGap: (agent, device) => void link.refresh(agent, device),
  })
  const commands = await openCommands({ books, unit, mirror, directory, link: () => link, wall, realTime, log })
  const bugs = openBugs({ unit, emergencies, log, metrics })
  /** A change as this person may see it; undefined when not at all. */
  const shownTo = (who: User, change: Change): Change | undefined => {
    if (change.kind === 'case') {
      const procedure = engine.procedure(change.head.procedure)
      if (!hasRole(who.roles, procedure.sees) || guards.keeps(procedure, change.head, who)) return undefined
      return { ...change, head: headShownTo(procedure, who, change.head) }
    }
    // It goes from the screens of those from whom it is kept; the others never hear of it.
    if (change.kind === 'case-gone') return guards.isAbout(change.id, who) ? change : undefined
    if (change.kind === 'command' && !mayDo(who.roles, 'see-commands')) return undefined
    if (change.kind === 'notices') return addressed(who).some(a => change.to.includes(a)) ? { ...change, to: [] } : undefined
    if (change.kind === 'charges' && !mayDo(who.roles, 'see-charges')) return undefined
    return change
  }
  const hub: Hub = openHub({
    log,
    wall,
    mono: monotonicMs,
    bug: (error, what) => bugs.note(error, 'screen', what),
    refuse: refuseUpgrade,
    pace: () => paceView(clock),
    userOf: token => accounts.userOf(token),
    valueOf: ref => mirror.value(ref),
    refsOf: device => mirror.refsOf(device),
    readAt: device => mirror.readAt(device),
    shownTo,
    sameOrigin,
    async snapshot(who) {
      const db = books.read
      const [open, counts, cases, latest] = await Promise.all([
        alarms.open(),
        alarms.counts(),
        db
          .selectFrom('case_file')
          .selectAll()
          .where('ended_at', 'is', null)
          .where('procedure', 'in', engine.visibleTo(who))
          .where('case_file.id', 'not in', engine.keptFrom(db, who))
          .orderBy(e => e.case().when('procedure', '=', 'emergency').then(0).else(1).end())
          .orderBy('opened_at', 'desc')
          .limit(500)
          .execute(),
        db.selectFrom('command').selectAll().orderBy('at', 'desc').limit(recentCommands).execute(),
      ])
      const heads = cases.map(row => headShownTo(engine.procedure(row.procedure), who, headOf(row)))
      return {
        alarms: open,
        alarmCount: counts.reduce((sum, c) => sum + c.n, 0),
        cases: heads,
        commands: mayDo(who.roles, 'see-commands') ? latest.map(commandOf) : [],
        agents: mirror.views(),
        holders: mirror.holders(),
      }
    },
  })
  clock.onChange(() => hub.tell({ kind: 'pace', pace: paceView(clock) }))
  const journal = openJournalBook({ unit, emergencies, directory, mono: monotonicMs })
  const onMessage = onAgentMessages({
    books,
    unit,
    unrecorded,
    emergencies,
    journal,
    mirror,
    programme,
    link: () => link,
    standing,
    wall,
    log,
    metrics,
  })
  const link: BrokerLink = openBrokerLink({
    url: env.mqttUrl,
    user,
    password,
    site: site.site,
    log,
    wall,
    async highWater() {
      return Object.fromEntries((await highWaters(books.read)).map(w => [`${w.agent}/${w.journalId}`, w.upTo]))
    },
    onUp: () => mirror.onBrokerBack(),
    onDown() {
      if (!closing) mirror.onBrokerLost(wall())
    },
    onMessage(agent, message) {
      if (!closing) onMessage(agent, message)
    },
    onOther: () =>
      leave(`another console of the site '${site.site}' has the broker account '${user}' and is at work: stop that one first`),
  })
  await link.looked

  const disk = openDiskRoom(folder)
  const desk = {
    books,
    unit,
    accounts,
    engine,
    rules,
    files: openAttachmentFiles(join(folder, 'files')),
    uploads: openUploads({
      db: books.read,
      disk,
      dayBegan: () => directory.calendar.instantOf(directory.calendar.dateOf(wall()), 0),
    }),
    duties,
    emergencies,
    directory,
    mirror,
    commands,
    programme,
    log,
    wall,
    clock,
    signedOut: (token: string) => hub.signOut(token),
    alarms,
    unrecorded,
  }
  const state = () => (books.trouble ? `the books cannot be written: ${books.trouble}` : link.up || 'no broker')
  const door = openDoor({
    app: makeApp(desk, profiles, metrics, state, site.demo ? openSimulators(env.ZHIBAN_SIM_PORT) : undefined),
    live: hub,
    bugs,
    metrics,
  })

  // ---- time passes
  const startedAt = monotonicMs()
  let day = directory.calendar.dateOf(wall())
  const watchDisk = async () => {
    const { low } = await disk.look()
    await consoleAlarms.set({ key: 'disk/console', level: 3, name: both(t => t.desk.diskFilling) }, low)
  }
  const watchAgents = async () => {
    mirror.watch(wall())
    if (monotonicMs() - startedAt < graceMs) return
    const off = clockLimitMs * Math.max(1, clock.pace.rate)
    // What an agent has last said of its clock was at the pace of then.
    const comparable = Date.now() - clock.pace.sinceReal > graceMs
    for (const a of mirror.agents.values()) {
      const silent = { zh: zh.desk.agentSilent(a.name.zh), en: en.desk.agentSilent(a.name.en) }
      const stopped = { zh: zh.desk.agentStopped(a.name.zh), en: en.desk.agentStopped(a.name.en) }
      await consoleAlarms.set({ key: `agent/${a.id}`, level: 2, name: a.stopped ? stopped : silent }, !a.online)
      const astray = { zh: zh.desk.clockOff(a.name.zh), en: en.desk.clockOff(a.name.en) }
      await consoleAlarms.set(
        { key: `clock/${a.id}`, level: 3, name: astray },
        comparable && a.online && Math.abs(a.clockAheadMs) > off,
      )
      const declined = { zh: zh.desk.programmeDeclined(a.name.zh), en: en.desk.programmeDeclined(a.name.en) }
      await consoleAlarms.set({ key: `programme/${a.id}`, level: 3, name: declined }, a.declined !== null)
    }
  }
  /** While the books cannot be written it is tried again; then what was kept in memory is brought in. */
  const mendBooks = async () => {
    const trouble = books.trouble ?? 'failing'
    await consoleAlarms.set({ key: 'books', level: 2, name: both(t => t.desk.booksClosed[trouble]) }, books.trouble !== undefined)
    if (books.trouble) await books.probe()
    await bringIn({ unit, emergencies, engine, unrecorded, log })
  }
  const watchClock = async () => {
    const off = wallWatch.look()
    const name = both(t => t.desk.clockJumped(Math.round(off / 60_000)))
    await consoleAlarms.set({ key: 'clock/console', level: 3, name }, off !== 0)
  }
  /** The 35 days of the programme move on with the date. */
  const moveOn = async () => {
    const today = directory.calendar.dateOf(wall())
    if (today === day) return
    await unit(system, async work => {
      await promise(work, 'programme')
    })
    day = today
  }
  let dutiesMadeFor = ''
  /** Once a date, and after whatever changes what is owed. */
  const makeDuties = async () => {
    const state = `${directory.calendar.dateOf(wall())} ${rules.revision}`
    if (state === dutiesMadeFor) return
    await duties.make(books, unit, wall())
    const thisYear = Number(state.slice(0, 4))
    // Holiday libraries answer wrongly in silence: a year that nobody has loaded is said aloud from 1 November (C29).
    const asked = [thisYear, ...(state.slice(5, 7) >= '11' ? [thisYear + 1] : [])]
    for (const year of [thisYear - 1, thisYear, thisYear + 1]) {
      const name = both(t => t.desk.calendarMissing(String(year)))
      await consoleAlarms.set({ key: `calendar/${year}`, level: 4, name }, asked.includes(year) && !rules.calendar.knows(year))
    }
    // The key that it had in books of before: it returns with them.
    await consoleAlarms.set({ key: 'calendar/next-year', level: 4, name: both(t => t.desk.calendarMissing('')) }, false)
    dutiesMadeFor = state
  }
  const chains = zoneChains(site, profiles)
  const overtime = { books, unit, engine, emergencies, mirror, chains, directory, rules, clock, wallWatch }
  const watchOvertime = async () => {
    // First it is heard what runs.
    if (monotonicMs() - startedAt > graceMs) await watchStarts(overtime, wall())
  }
  const chores = [
    { what: 'the disk', act: watchDisk },
    { what: 'bugs of requests', act: () => bugs.writeDown() },
    { what: 'the clock', act: watchClock },
    { what: 'watching the agents', act: watchAgents },
    { what: 'deadlines', act: () => engine.deadlines.step(books, unit, wall()) },
    { what: 'duties of the calendar', act: () => makeDuties() },
    { what: 'late duties', act: () => duties.chase(books, unit, wall()) },
    { what: 'overdue steps', act: () => noteOverdueSteps(books, unit, emergencies, wall()) },
    { what: 'finished bookings', act: () => finishOvertime(overtime, wall()) },
    { what: 'unsigned bookings', act: () => windUpUnsigned(overtime, wall()) },
    { what: 'bookings that do not start', act: watchOvertime },
    { what: 'the date', act: moveOn },
    { what: 'the outbox', act: drainOutbox },
  ]
  const tick = async () => {
    // Each for itself: what stumbles is tried again with the next tick, and holds up nothing else.
    for (const { what, act } of chores)
      await act().catch(error => {
        if (!storeFailed(error)) log.error({ err: error }, `${what}: failed, will be tried again`)
      })
  }
  const everySecond = (act: () => Promise<void>) => {
    let underway: Promise<void> | undefined
    const timer = setInterval(() => {
      underway ??= act().finally(() => {
        underway = undefined
      })
    }, clockMs)
    return {
      async stop() {
        clearInterval(timer)
        await underway
      },
    }
  }
  const clocks = [
    everySecond(tick),
    everySecond(() => mendBooks().catch(error => log.warn({ err: error }, 'the books cannot be written, and are tried again'))),
  ]
  new Gauge({
    name: 'zhiban_console_browsers',
    help: 'Live connections of screens',
    registers: [metrics],
    collect() {
      this.set(hub.count())
    },
  })
  new Gauge({
    name: 'zhiban_console_rejected_messages',
    help: 'Messages that could not be decoded',
    registers: [metrics],
    collect() {
      this.set(link.rejected)
    },
  })
  const port = await listen(door.server, env.ZHIBAN_HTTP_PORT, env.ZHIBAN_BIND)
  ready({ http: port, users })
  return async () => {
    closing = true
    const clocksStopped = Promise.all(clocks.map(c => c.stop()))
    commands.close()
    await hub.close()
    await door.close()
    await link.close()
    await clocksStopped
    await telling(async () => {})
    await books.close()
    await sole.release()
  }
})
