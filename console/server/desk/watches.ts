import { say } from '#api/words/text'
import { monotonicMs } from '#program/wallClock'
import { bringIn } from '../agents/alarms/bringIn.ts'
import type { openConsoleAlarms } from '../agents/alarms/consoleAlarms.ts'
import type { DiskRoom } from '../attachments/diskRoom.ts'
import { backupPlan, openNightly } from '../backup/nightly.ts'
import { system } from '../books/audit.ts'
import { promise } from '../books/outbox.ts'
import { wakeDue } from '../engine/cases/waking.ts'
import { tellOverdue } from '../engine/registers/registerLife.ts'
import type { openSyslog } from '../export/syslog.ts'
import { channelHealth } from '../notify/deliveries.ts'
import type { Desk } from './desk.ts'
import { eraseOld } from './erasure.ts'
import { eraseOldFiles } from './oldFiles.ts'
import type { Chore, Subject } from './subject.ts'

/** After a start nothing has been heard yet. */
const graceMs = 10_000
/** A clock further off than this falsifies the times of alarms and charges. */
const clockLimitMs = 10_000
/** Once may be a moment's trouble. */
const triesUntilDead = 2

type Alarms = ReturnType<typeof openConsoleAlarms>

const watchDisk = (disk: DiskRoom, alarms: Alarms) => async () => {
  const { low } = await disk.look()
  await alarms.set({ key: 'disk/console', level: 3, name: say.desk.diskFilling }, low)
}

/** A site's books are backed up each night; a demo's are of no worth to anybody. */
const watchBackups = ({ directory, rules, log }: Desk, into: string, alarms: Alarms) => {
  const nightly = openNightly({
    into,
    partsOf: now => directory.calendar.partsOf(now),
    plan: () => (directory.site.demo ? null : backupPlan(rules)),
    log,
  })
  return async () => {
    const { late } = nightly.look(Date.now())
    await alarms.set({ key: 'backup', level: 3, name: say.desk.backupLate }, late)
  }
}

/** A channel that does not get through is told by the others. */
const watchChannels =
  ({ directory, books }: Desk, alarms: Alarms) =>
  async () => {
    for (const c of directory.site.channels) {
      const { tries, gaveUp, why } = await channelHealth(books.read, c.id)
      const dead = tries >= triesUntilDead || gaveUp
      await alarms.set({ key: `channel/${c.id}`, level: 2, name: say.desk.channelDead(c.name, why ?? '') }, dead)
    }
  }

const watchSyslog = (syslog: ReturnType<typeof openSyslog>, alarms: Alarms) => async () => {
  const { late } = syslog.look(Date.now())
  await alarms.set({ key: 'syslog', level: 3, name: say.desk.syslogLate }, late)
}

/** Whether agents are there, at the right time, and run the programme that they were sent. */
const watchAgents = ({ mirror, clock, wall }: Desk, alarms: Alarms) => {
  const startedAt = monotonicMs()
  return async () => {
    mirror.watch(wall())
    if (monotonicMs() - startedAt < graceMs) return
    const off = clockLimitMs * Math.max(1, clock.pace.rate)
    // What an agent has last said of its clock was at the pace of then.
    const comparable = Date.now() - clock.pace.sinceReal > graceMs
    for (const a of mirror.agents.values()) {
      const away = a.stopped ? say.desk.agentStopped(a.name) : say.desk.agentSilent(a.name)
      await alarms.set({ key: `agent/${a.id}`, level: 2, name: away }, !a.online)
      const isOff = comparable && a.online && Math.abs(a.clockAheadMs) > off
      await alarms.set({ key: `clock/${a.id}`, level: 3, name: say.desk.clockOff(a.name) }, isOff)
      await alarms.set({ key: `programme/${a.id}`, level: 3, name: say.desk.programmeDeclined(a.name) }, a.declined !== null)
    }
  }
}

/** While the books cannot be written it is tried again; then what was kept in memory is brought in. */
export const mendBooks = (desk: Desk, alarms: Alarms) => async () => {
  const { books } = desk
  const trouble = books.trouble ?? 'failing'
  await alarms.set({ key: 'books', level: 2, name: say.desk.booksClosed[trouble] }, books.trouble !== undefined)
  if (books.trouble) await books.probe()
  await bringIn(desk)
}

const watchClock =
  ({ wallWatch }: Desk, alarms: Alarms) =>
  async () => {
    const off = wallWatch.look()
    const name = say.desk.clockJumped(Math.round(off / 60_000))
    await alarms.set({ key: 'clock/console', level: 3, name }, off !== 0)
  }

/** The 35 days of the programme move on with the date. */
const moveOn = ({ directory, unit, wall }: Desk) => {
  let day = directory.calendar.dateOf(wall())
  return async () => {
    const today = directory.calendar.dateOf(wall())
    if (today === day) return
    await unit(system, work => promise(work, 'programme'))
    day = today
  }
}

/** Once a date, and after whatever changes what is owed. */
const makeDuties = ({ directory, rules, duties, books, unit, wall }: Desk, alarms: Alarms) => {
  let madeFor = ''
  return async () => {
    const state = `${directory.calendar.dateOf(wall())} ${rules.revision}`
    if (state === madeFor) return
    await duties.make(books, unit, wall())
    const thisYear = Number(state.slice(0, 4))
    // Holiday libraries answer wrongly in silence: a year that nobody has loaded is said aloud from 1 November (C29).
    const asked = [thisYear, ...(state.slice(5, 7) >= '11' ? [thisYear + 1] : [])]
    for (const year of [thisYear - 1, thisYear, thisYear + 1]) {
      const name = say.desk.calendarMissing(String(year))
      await alarms.set({ key: `calendar/${year}`, level: 4, name }, asked.includes(year) && !rules.calendar.knows(year))
    }
    madeFor = state
  }
}

/** Looked for each hour; what is over is struck out a part at a time. */
const eraseEachHour = (desk: Desk) => {
  let due = 0
  return async () => {
    if (monotonicMs() < due) return
    const gone = (await eraseOld(desk)) + (await eraseOldFiles(desk))
    if (gone === 0) due = monotonicMs() + 3_600_000
  }
}

/** All that is looked for every second, in this order. */
export const choresOf = (
  desk: Desk,
  subjects: readonly Subject[],
  of: {
    alarms: Alarms
    disk: DiskRoom
    backups: string
    syslog: ReturnType<typeof openSyslog> | undefined
    flood(): Promise<unknown>
    messages(): Promise<unknown>
    bugs(): Promise<unknown>
    outbox(): Promise<unknown>
  },
): Chore[] => [
  { what: 'the disk', act: watchDisk(of.disk, of.alarms) },
  { what: 'backups', act: watchBackups(desk, of.backups, of.alarms) },
  ...(of.syslog ? [{ what: 'syslog', act: watchSyslog(of.syslog, of.alarms) }] : []),
  { what: 'floods of alarms', act: of.flood },
  { what: 'channels', act: watchChannels(desk, of.alarms) },
  { what: 'messages', act: of.messages },
  { what: 'bugs of requests', act: of.bugs },
  { what: 'the clock', act: watchClock(desk, of.alarms) },
  { what: 'watching the agents', act: watchAgents(desk, of.alarms) },
  { what: 'deadlines', act: () => desk.engine.deadlines.step(desk.books, desk.unit, desk.wall()) },
  { what: 'cases that wake', act: () => wakeDue(desk.engine, desk.books, desk.unit, desk.wall()) },
  { what: 'overdue entries', act: () => tellOverdue(desk.engine.manual, desk.books, desk.unit, desk.wall()) },
  { what: 'duties of the calendar', act: makeDuties(desk, of.alarms) },
  { what: 'late duties', act: () => desk.duties.chase(desk.books, desk.unit, desk.wall()) },
  ...subjects.flatMap(s => s.chores?.(desk) ?? []),
  { what: 'what is kept too long', act: eraseEachHour(desk) },
  { what: 'the date', act: moveOn(desk) },
  { what: 'the outbox', act: of.outbox },
]
