import { dirname, join, resolve } from 'node:path'
import { ulid } from 'ulid'
import { listen, newRegistry } from '#program/health'
import { openCalendar } from '#program/localCalendar'
import { runProgram } from '#program/runProgram'
import { watchSite } from '#program/siteInForce'
import { monotonicMs } from '#program/wallClock'
import { subjects } from '../subjects/all.ts'
import { openAlarmViews } from './agents/alarms/alarmViews.ts'
import { openConsoleAlarms } from './agents/alarms/consoleAlarms.ts'
import { openFloodWatch } from './agents/alarms/floodWatch.ts'
import { rowsOf } from './agents/alarms/rows.ts'
import { Suppressions, suppressedNow } from './agents/alarms/suppressions.ts'
import { Unrecorded } from './agents/alarms/unrecorded.ts'
import { highWaters, openJournalBook } from './agents/journal/journalBook.ts'
import { onAgentMessages } from './agents/link/agentMessages.ts'
import { type BrokerLink, openBrokerLink } from './agents/link/brokerLink.ts'
import { openCommands } from './agents/link/commands.ts'
import { openProgrammeBook } from './agents/programme/programmeBook.ts'
import { openAttachmentFiles } from './attachments/attachmentFiles.ts'
import { openDiskRoom } from './attachments/diskRoom.ts'
import { openUploads } from './attachments/uploads.ts'
import { openAccounts } from './auth/accounts.ts'
import { openFirstAdministrator } from './auth/firstAdministrator.ts'
import { openBooks } from './books/books.ts'
import { watchBooks } from './books/booksWatch.ts'
import { headOf } from './books/chain/sealing.ts'
import { nothingTouched, unitOfWork } from './books/unitOfWork.ts'
import { openRealTime, paceView } from './demo/demoClock.ts'
import { seedDemo } from './demo/deskFile.ts'
import { openSimulators } from './demo/simulators.ts'
import { doChores, everySecond } from './desk/chores.ts'
import type { Desk } from './desk/desk.ts'
import { drainOutbox } from './desk/outbox.ts'
import { reactionsOf } from './desk/reactions.ts'
import { openScreens } from './desk/screens.ts'
import { choresOf, mendBooks } from './desk/watches.ts'
import { CaseEngine } from './engine/cases/caseEngine.ts'
import { manualOf } from './engine/manual.ts'
import { DutyBook } from './engine/routines/dutyBook.ts'
import { thingNames } from './engine/things/thingBook.ts'
import { openSyslog } from './export/syslog.ts'
import { count } from './gauges.ts'
import { makeApp, sameOrigin } from './http/app.ts'
import { openBugs } from './http/bugs.ts'
import { openDoor, refuseUpgrade } from './http/door.ts'
import { indexOlderTenants } from './master/tenantFiles.ts'
import { openAgentChanges } from './mirror/agentChanges.ts'
import { openLiveState } from './mirror/liveState.ts'
import { Mirror } from './mirror/mirror.ts'
import { StandingPages } from './mirror/standingPages.ts'
import { openWallWatch } from './mirror/wallWatch.ts'
import { openChannels } from './notify/openChannels.ts'
import { openSender } from './notify/sender.ts'
import { type Hub, openHub } from './realtime/hub.ts'
import { readProvider, readSetUp, takeFolder } from './setUp.ts'
import { Directory } from './site/directory.ts'
import { SiteRules } from './site/siteRules.ts'
import { ownUnitsIn } from './site/units.ts'

/** Puts the console together; what it does stands in the rooms and in the subjects. */
await runProgram('console', async ({ env, log, clock, ready, leave, startAnew }) => {
  const { inForce, profiles, site, user, password } = readSetUp(env, clock)
  const provider = readProvider(env)
  const wall = () => clock.now()
  const wallWatch = openWallWatch(wall, monotonicMs, () => clock.pace)
  const realTime = openRealTime(clock, log)
  const metrics = newRegistry('console')

  // ---- books, the manual, the site's rules
  const folder = join(env.ZHIBAN_DATA, 'console')
  const sole = await takeFolder(folder)
  const books = watchBooks(await openBooks(join(folder, 'books.db')))
  const manual = manualOf(subjects)
  const directory = new Directory(site, openCalendar(site.timeZone))
  directory.learnUnits(await ownUnitsIn(books.read))
  const accounts = await openAccounts(books)
  const users = site.demo ? await seedDemo(env.ZHIBAN_SITE, { books, accounts, directory, profiles, at: wall() }, manual) : []
  directory.learnThings(await thingNames(books.read, manual))
  await books.write(tx => indexOlderTenants({ tx, at: wall() }, directory))
  const first = site.demo
    ? undefined
    : await openFirstAdministrator(accounts, join(folder, 'first-password.txt'), site.separatePowers)
  // The air that is paid for does not end with a clock that somebody has put wrong.
  const programme = await openProgrammeBook(books, { directory, manual }, wallWatch.steady)
  const rules = await SiteRules.open(books.read, directory, manual.settings)
  const live = openLiveState(site, profiles, () => mirror)
  const engine = new CaseEngine(manual, directory, rules, live)
  await engine.refuseUnknownVersions(books.read)

  // ---- what agents say, and what screens are told of it
  const lists = new Map<string, StandingPages>()
  const standing = (agent: string) => {
    const list = lists.get(agent) ?? new StandingPages()
    lists.set(agent, list)
    return list
  }
  for (const { agent, journalId, upTo } of await highWaters(books.read)) standing(agent).onJournal(journalId, upTo)
  const unrecorded = new Unrecorded({
    rowsOf: (ids, allOf) => rowsOf(books.read, ids, allOf),
    wall,
    failed: error => log.error({ err: error }, 'bug: what is not recorded could not be shown'),
    changed: ids => void screens.tell({ ...nothingTouched(), alarms: new Set(ids) }),
  })
  const suppressions = new Suppressions(await suppressedNow(books.read), wall)
  const alarms = openAlarmViews({ read: books.read, unrecorded, suppressions, mirror: () => mirror, standing: lists })
  const keepPromises = () => drainOutbox(books, promised, wall())
  const screens = openScreens({
    read: books.read,
    engine,
    alarms,
    unrecorded,
    mirror: () => mirror,
    hub: () => hub,
    flood: () => flood.now(),
    commands: () => commands,
    log,
    promised: () => void keepPromises().catch(error => log.error({ err: error }, 'the outbox will be tried again')),
  })
  const unit = unitOfWork(books, wall, screens.tell)
  const flood = await openFloodWatch({ read: books.read, unit, wall, tell: now => hub.tell({ kind: 'flood', flood: now }) })
  const reactions = reactionsOf(subjects, () => desk)
  const consoleAlarms = openConsoleAlarms({ books, unit, reactions, unrecorded, wall })
  const promised = {
    async programme() {
      await programme.renew()
      // An agent that does not get it now asks for it with its next report.
      for (const agent of mirror.agents.keys()) void link.programme(agent, programme.current)
    },
  }
  // What was open when the console stopped is so still.
  if (await engine.firstOpen(books.read)) realTime(wall())

  let closing = false
  const newsOf = openAgentChanges()
  const mirror = new Mirror(site, wall(), monotonicMs, {
    onAgent(agent) {
      const news = newsOf(agent)
      if (news) hub.tell({ kind: 'agent', agent: news })
    },
    onAgentTurned(agent) {
      link.greet()
      void screens.agentTurned(agent)
    },
    onHolders: holders => hub.tell({ kind: 'holders', holders }),
    onValues: refs => hub.touch(refs),
    onGap: (agent, device) => void link.refresh(agent, device),
  })
  const channels = openChannels(site.channels, process.env)
  const sender = await openSender({
    ...{ read: books.read, unit, channels, wall, log, site: site.name.zh },
    publicUrl: env.ZHIBAN_PUBLIC_URL,
  })
  const commands = await openCommands({ books, unit, mirror, directory, link: () => link, wall, realTime, log })
  const bugs = openBugs({ unit, reactions, log, metrics })
  const server = ulid()
  const hub: Hub = openHub({
    log,
    server,
    wall,
    mono: monotonicMs,
    bug: (error, what) => bugs.note(error, 'screen', what),
    refuse: refuseUpgrade,
    pace: () => paceView(clock),
    async userOf(token) {
      const user = await accounts.userOf(token)
      return user?.passwordDue ? undefined : user
    },
    valueOf: ref => mirror.value(ref),
    refsOf: device => mirror.refsOf(device),
    readAt: device => mirror.readAt(device),
    isFirst: head => engine.procedureOf(head).first === true,
    shownTo: screens.shownTo,
    snapshot: screens.snapshot,
    sameOrigin,
  })
  clock.onChange(() => hub.tell({ kind: 'pace', pace: paceView(clock) }))
  const journal = openJournalBook({ unit, reactions, mono: monotonicMs })
  const onMessage = onAgentMessages({
    books,
    unit,
    unrecorded,
    reactions,
    journal,
    mirror,
    programme,
    link: () => link,
    standing,
    wall,
    log,
    metrics,
  })

  // ---- the desk, that routes and chores stand on
  const disk = openDiskRoom(folder)
  const desk: Desk = {
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
    duties: new DutyBook(engine.around),
    reactions,
    directory,
    profiles,
    mirror,
    commands,
    programme,
    log,
    wall,
    clock,
    wallWatch,
    server,
    siteFolder: dirname(resolve(env.ZHIBAN_SITE)),
    channels,
    present: () => hub.present(),
    sounding: () => hub.sounding(),
    ownAlarm: (alarm, active) => consoleAlarms.set(alarm, active),
    realTime,
    signedOut: token => hub.signOut(token),
    async rightsChanged() {
      hub.review()
      await first?.clear()
    },
    alarms,
    unrecorded,
    suppressions,
  }
  const link: BrokerLink = openBrokerLink({
    url: env.mqttUrl,
    user,
    password,
    site: site.site,
    log,
    wall,
    async holds() {
      const [waters, seal] = await Promise.all([highWaters(books.read), headOf(books.read)])
      return { highWater: Object.fromEntries(waters.map(w => [`${w.agent}/${w.journalId}`, w.upTo])), seal: seal ?? null }
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
  const state = () => (books.trouble ? `the books cannot be written: ${books.trouble}` : link.up || 'no broker')
  const routes = {
    signedIn: subjects.flatMap(s => s.routes?.(desk) ?? []),
    open: subjects.flatMap(s => s.openRoutes?.(desk) ?? []),
    openUploads: subjects.flatMap(s => s.openUploads?.(desk) ?? []),
  }
  const door = openDoor({
    app: makeApp(desk, routes, metrics, state, {
      demo: site.demo ? openSimulators(env.ZHIBAN_SIM_PORT) : undefined,
      trustProxy: env.ZHIBAN_TRUST_PROXY,
      provider,
    }),
    live: hub,
    bugs,
    metrics,
    log,
    certificate: env.webCertificate,
  })

  // ---- time passes
  const chores = choresOf(desk, subjects, {
    alarms: consoleAlarms,
    disk,
    backups: env.backups,
    syslog: env.ZHIBAN_SYSLOG
      ? openSyslog({ target: env.ZHIBAN_SYSLOG, file: join(folder, 'syslog-sent'), read: books.read, log })
      : undefined,
    flood: () => flood.look(),
    messages: () => sender.step(),
    bugs: () => bugs.writeDown(),
    outbox: keepPromises,
  })
  const stopWatching = watchSite(env, inForce, {
    good: () => startAnew('the site file was changed: it is taken over'),
    refused: why => why && log.error(`the changed site file is not taken:\n${why}`),
  })
  const mend = mendBooks(desk, consoleAlarms)
  const clocks = [
    everySecond(() => doChores(chores, log)),
    everySecond(() => mend().catch(error => log.warn({ err: error }, 'the books cannot be written, and are tried again'))),
  ]
  count(metrics, { browsers: () => hub.count(), rejected: () => link.rejected })
  const port = await listen(door.server, env.ZHIBAN_HTTP_PORT, env.ZHIBAN_BIND)
  if (first?.waiting) {
    const { name, password: oneTime, file } = first.waiting
    process.stdout.write(`first account: ${name}, one-time password: ${oneTime} (also in ${file}, until it is changed)\n`)
  }
  ready({ http: port, users: first?.waiting ? [first.waiting] : users })
  return async () => {
    closing = true
    stopWatching()
    const clocksStopped = Promise.all(clocks.map(c => c.stop()))
    commands.close()
    await hub.close()
    await door.close()
    await link.close()
    await clocksStopped
    await sender.close()
    await screens.settled()
    await books.close()
    await sole.release()
  }
})
