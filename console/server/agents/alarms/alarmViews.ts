import type { Selectable } from 'kysely'
import { type Alarm, type AlarmPlace, isOver } from '#api/models/live'
import type { BooksReader } from '../../books/books.ts'
import type { Books } from '../../books/schema.ts'
import type { Mirror } from '../../mirror/mirror.ts'
import type { StandingPages } from '../../mirror/standingPages.ts'
import { alarmOf, alarmOfFact, openAlarmCounts, openAlarms } from './rows.ts'
import type { Suppressions } from './suppressions.ts'
import type { Entry, Unrecorded } from './unrecorded.ts'

type Row = Selectable<Books['alarm']>
type Parts = {
  read: BooksReader
  unrecorded: Unrecorded
  suppressions: Suppressions
  mirror(): Mirror
  standing: ReadonlyMap<string, StandingPages>
}

/** Alarms as they may be shown: what the books say, with what is known better and not recorded yet, and never as verified when they are not. */
export const openAlarmViews = ({ read, unrecorded, suppressions, mirror, standing }: Parts) => {
  const verified = (a: Alarm): Alarm => {
    // Unverified when its link, or its whole agent, is out of reach.
    const agent = mirror().agents.get(a.source)
    const silent = agent && !agent.online && a.returnedAt === null ? agent.since : null
    const unverifiedSince = standing.get(a.source)?.unverifiedSince(a.id) ?? silent
    return { ...a, unverifiedSince, suppressed: suppressions.of(a) }
  }
  const withEntry = (a: Alarm, { returnedAt, ack }: Entry): Alarm => {
    const later = { ...a }
    if (a.returnedAt === null && returnedAt !== null) Object.assign(later, { returnedAt, recorded: false })
    if (a.ackedAt === null && ack) {
      const note = ack.note ? [{ at: ack.at, by: ack.actor.display, text: ack.note }] : []
      Object.assign(later, { ackedAt: ack.at, ackedBy: ack.actor.display, notes: [...a.notes, ...note], recorded: false })
    }
    return later
  }
  const ofRow = (row: Row): Alarm => {
    const entry = unrecorded.get(row.id)
    return verified(entry ? withEntry(alarmOf(row), entry) : alarmOf(row))
  }
  /** Undefined where the books tell of it, and only of what it has come to since. */
  const ofEntry = (e: Entry): Alarm | undefined => (e.fact ? verified(withEntry(alarmOfFact(e.source, e.fact), e)) : undefined)

  return {
    ofRow,
    ofEntry,
    /** A page of what is open; the first has with it all that is not recorded. */
    async open(after?: AlarmPlace): Promise<Alarm[]> {
      const rows = await openAlarms(read, after)
      const known = new Set(rows.map(r => r.id))
      const kept = after ? [] : [...unrecorded.entries].flatMap(e => (known.has(e.id) ? [] : (ofEntry(e) ?? [])))
      return [...kept.filter(a => !isOver(a)), ...rows.map(ofRow)]
    },
    /** How many are open, by level and state. */
    async counts() {
      const counts = await openAlarmCounts(read)
      for (const e of unrecorded.entries) {
        const a = ofEntry(e)
        if (!a || isOver(a)) continue
        const state = { level: a.level, stands: a.returnedAt === null, acked: a.ackedAt !== null }
        const same = counts.find(c => c.level === state.level && c.stands === state.stands && c.acked === state.acked)
        if (same) same.n++
        else counts.push({ ...state, n: 1 })
      }
      return counts
    },
  }
}
export type AlarmViews = ReturnType<typeof openAlarmViews>
