import { createHash } from 'node:crypto'
import { Refusal } from '#api/errors'
import type { CaseHead } from '#api/models/cases'
import type { User } from '#api/models/people'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import { dataOf } from '../../server/engine/cases/bringAbout.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { linkedTo } from '../../server/engine/cases/casesIn.ts'
import { openLinked } from '../../server/engine/cases/links.ts'
import type { Around } from '../../server/engine/chapter.ts'
import type { DutyBook } from '../../server/engine/routines/dutyBook.ts'
import type { Stretch } from '../../server/engine/routines/evidence.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { returnVisit } from './definition.ts'
import { repairVisitRate } from './settings.ts'
import { toVisitIn } from './toVisit.ts'

/** The same sample for everybody who looks, and nobody's choice: cases in the order of a hash of the week and their id. */
const lot = (week: string, id: string) => createHash('sha256').update(`${week} ${id}`).digest('hex')

export type VisitProposal = { week: string; completed: number; visited: number; begun: number; owed: number; sample: CaseHead[] }

/** What must still be visited of the week's repairs (R32: at least the site's share), and which of them are proposed. */
export const proposeVisits = async (
  db: BooksReader,
  around: Pick<Around, 'rules' | 'manual'>,
  week: string,
  stretch: Stretch,
): Promise<VisitProposal> => {
  const done = await toVisitIn(db, around, stretch)
  const rate = around.rules.number(repairVisitRate) ?? 0
  const begun = done.filter(r => r.begun).length
  const owed = Math.max(0, Math.ceil((done.length * rate) / 100) - begun)
  const free = done.filter(r => !r.begun).sort((a, b) => lot(week, a.row.id).localeCompare(lot(week, b.row.id)))
  return {
    week,
    completed: done.length,
    visited: done.filter(r => r.visited).length,
    begun,
    owed,
    sample: free.slice(0, owed).map(r => headOf(r.row)),
  }
}

/** Opens the return visit of what was completed; one that has begun already is left as it is. */
export const openVisit = async (work: Work, engine: CaseEngine, id: string, by: User): Promise<void> => {
  if (!(await visitOf(work, engine, await engine.seen(work.tx, id, by)))) throw new Refusal('not-to-be-visited', 'repairs')
}

/** The same of a case that is known; false where nothing of its kind is visited. */
export const visitOf = async (work: Work, engine: CaseEngine, done: CaseHead): Promise<boolean> => {
  const { visited } = engine.procedureOf(done)
  if (!visited?.cases.some(c => c.in.includes(done.state))) return false
  if (await linkedTo(work.tx, done.id, 'visit').executeTakeFirst()) return true
  const form = visited.form(await dataOf(work.tx, engine.directory, done))
  await openLinked(engine, work, done, { opens: returnVisit.id, relation: 'visit', form })
  return true
}

/** The week that visits are about: that of the duty which is owed next, or the one of the calendar. */
export const visitWeek = async (db: BooksReader, desk: { duties: DutyBook; rules: SiteRules }, now: number) => {
  const owed = await db
    .selectFrom('duty')
    .selectAll()
    .where('routine', '=', 'repair-visits-week')
    .where('done_at', 'is', null)
    .orderBy('limit_at')
    .executeTakeFirst()
  if (owed) return { period: owed.period, stretch: await desk.duties.stretchOf(db, owed, now) }
  const { local } = desk.rules.calendar
  const monday = local.plusDays(local.dateOf(now), 1 - local.weekdayOf(local.dateOf(now)))
  return { period: `W${monday}`, stretch: { from: local.instantOf(monday, 0), to: now } }
}
