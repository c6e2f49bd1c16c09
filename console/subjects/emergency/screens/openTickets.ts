import type { CaseHead } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { byUrgency } from '../../../web/src/state/alarmOrder.ts'

const levelOf = (c: CaseHead): number => Number(c.form['level'])

/** The most severe first: by level, what still stands before what has returned, then the newest. */
export const bySeverity = (a: CaseHead, b: CaseHead): number =>
  levelOf(a) - levelOf(b) || Number(a.state === 'verify') - Number(b.state === 'verify') || b.openedAt - a.openedAt

/** What stands at level 1 or 2 and has no open ticket, the most urgent first. */
export const withoutTicket = (alarms: Iterable<Alarm>, open: ReadonlyMap<string, CaseHead>): Alarm[] =>
  [...alarms].filter(a => a.level <= 2 && a.returnedAt === null && !(a.ticket && open.has(a.ticket))).sort(byUrgency)
