import { createHash } from 'node:crypto'
import type { CaseHead } from '#api/models/cases'
import type { User } from '#api/models/people'
import { eachOf, worded } from '#api/words/worded'
import { ApiError } from '#program/httpApi'
import type { BooksReader } from '../../server/books/books.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { openLinked } from '../../server/engine/cases/links.ts'
import type { SiteRules } from '../../server/site/siteRules.ts'
import { repairsToVisit } from '../figures.ts'

/** The same sample for everybody who looks, and nobody's choice: repairs in the order of a hash of the week and their id. */
const lot = (week: string, id: string) => createHash('sha256').update(`${week} ${id}`).digest('hex')

export type VisitProposal = { week: string; completed: number; visited: number; begun: number; owed: number; sample: CaseHead[] }

/** What must still be visited of the week's repairs (R32: at least the site's share), and which of them are proposed. */
export const proposeVisits = async (
  db: BooksReader,
  rules: SiteRules,
  week: string,
  stretch: { from: number; to: number },
): Promise<VisitProposal> => {
  const repairs = await repairsToVisit(db, stretch, rules)
  const rate = rules.number('repair-visit-rate') ?? 0
  const begun = repairs.filter(r => r.begun).length
  const owed = Math.max(0, Math.ceil((repairs.length * rate) / 100) - begun)
  const free = repairs.filter(r => !r.begun).sort((a, b) => lot(week, a.row.id).localeCompare(lot(week, b.row.id)))
  return {
    week,
    completed: repairs.length,
    visited: repairs.filter(r => r.visited).length,
    begun,
    owed,
    sample: free.slice(0, owed).map(r => headOf(r.row)),
  }
}

/** Opens the return visit of a completed repair; one that has begun already is left as it is. */
export const openVisit = async (work: Work, engine: CaseEngine, repairId: string, by: User): Promise<void> => {
  const repair = await engine.seen(work.tx, repairId, by)
  if (repair.procedure !== 'repair' || repair.state !== 'done') throw new ApiError(409, 'not-to-be-visited', 'repairs')
  const begun = work.tx
    .selectFrom('case_link')
    .select('to_case')
    .where('from_case', '=', repair.id)
    .where('relation', '=', 'visit')
  if (await begun.executeTakeFirst()) return
  const { address, content, contact, phone } = repair.form
  await openLinked(engine, work, repair, {
    opens: 'return-visit',
    relation: 'visit',
    form: {
      subject: eachOf(worded(content), text => `${repair.number} ${text.slice(0, 200)}`),
      about: 'repair',
      address,
      contact,
      phone,
    },
  })
}
