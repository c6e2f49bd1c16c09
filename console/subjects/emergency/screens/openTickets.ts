import type { CaseHead } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { byUrgency } from '../../../web/src/state/alarmOrder.ts'

const levelOf = (c: CaseHead): number => Number(c.form['level'])

const isDrill = (c: CaseHead): boolean => c.form['drill'] !== undefined

/** The most severe first: what is real before a drill, by level, what still stands before what has returned, then the newest. */
export const bySeverity = (a: CaseHead, b: CaseHead): number =>
  Number(isDrill(a)) - Number(isDrill(b)) ||
  levelOf(a) - levelOf(b) ||
  Number(a.state === 'verify') - Number(b.state === 'verify') ||
  b.openedAt - a.openedAt

/** What stands at level 1 or 2 and has no open ticket, the most urgent first. */
export const withoutTicket = (alarms: Iterable<Alarm>, open: ReadonlyMap<string, CaseHead>): Alarm[] =>
  [...alarms].filter(a => a.level <= 2 && a.returnedAt === null && !(a.ticket && open.has(a.ticket))).sort(byUrgency)

/** Whether a ticket may go on as another: what is graver is never lost in a lesser one, nor a fire in a drill. Pure. */
export const mayMergeInto = (one: Pick<CaseHead, 'id' | 'form'>, other: CaseHead): boolean =>
  other.procedure === 'emergency' &&
  other.endedAt === null &&
  other.id !== one.id &&
  other.form['drill'] === one.form['drill'] &&
  other.form['kind'] === one.form['kind'] &&
  Number(other.form['level']) <= Number(one.form['level'])
