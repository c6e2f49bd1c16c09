import { numbersShownTo } from '#api/masking'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import { dictionaryOf, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { system } from '../books/audit.ts'
import type { BooksStore } from '../books/books.ts'
import type { CaseEngine } from '../engine/cases/caseEngine.ts'
import { seenBy } from '../engine/cases/caseList.ts'
import { headOf } from '../engine/cases/caseRows.ts'
import type { Procedure } from '../engine/definition.ts'
import type { Cell } from './csv.ts'
import { fieldCell } from './fieldCell.ts'

/** So many lines go out at once; a year of a busy desk is far below. */
const exportedMost = 50_000

/** The cases of a procedure that were opened between two dates, as a table with the fields that this person sees. */
export const caseTable = async (
  desk: { books: BooksStore; engine: CaseEngine },
  procedure: Procedure,
  who: User,
  q: { from: string; to: string; language: Language },
): Promise<{ columns: string[]; rows: Cell[][] }> => {
  const { calendar } = desk.engine.directory
  const t = dictionaryOf(q.language).messages
  const c = t.cases
  const tenants = new Map((await desk.books.read.selectFrom('tenant').select(['id', 'name']).execute()).map(x => [x.id, x.name]))
  const rows = await seenBy(desk.engine, desk.books.read, who)
    .where('procedure', '=', procedure.id)
    .where('opened_at', '>=', calendar.instantOf(q.from, 0))
    .where('opened_at', '<', calendar.instantOf(calendar.plusDays(q.to, 1), 0))
    .orderBy('opened_at')
    .limit(exportedMost)
    .execute()
  const fields = procedure.fields.filter(f => !f.sees || hasRole(who.roles, f.sees))
  return {
    columns: [c.number, c.state, c.opened, c.owner, c.handler, c.tenant, ...fields.map(f => textIn(q.language, f.label))],
    rows: rows
      .map(row => numbersShownTo(who, headOf(row)))
      .map(h => [
        h.number,
        textIn(q.language, desk.engine.procedureOf(h).states[h.state]?.name ?? h.state),
        { date: calendar.momentOf(h.openedAt) },
        h.owner === system.display ? t.desk.alarmContact : h.owner,
        h.handler ?? '',
        tenants.get(h.tenant ?? '') ?? '',
        ...fields.map(f => fieldCell(f, h.form[f.key], desk.engine.directory, q.language)),
      ]),
  }
}
