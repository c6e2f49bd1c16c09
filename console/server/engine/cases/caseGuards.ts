import type { CaseHead } from '#api/models/cases'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import type { BooksReader } from '../../books/books.ts'
import { isSame } from '../../books/persons.ts'
import type { Procedure } from '../definition.ts'

type Named = { name: string; user_id: string | null; concerned: number }

/** Who is named in the cases that the screens are being told of, so that each screen is told its own without a look at the books. */
export class CaseGuards {
  #named = new Map<string, Named[]>()

  async look(db: BooksReader, cases: readonly string[]): Promise<void> {
    const rows = cases.length === 0 ? [] : await db.selectFrom('case_person').selectAll().where('case_id', 'in', cases).execute()
    this.#named = new Map(cases.map(id => [id, rows.filter(r => r.case_id === id)]))
  }

  isAbout(caseId: string, who: User): boolean {
    return this.#is(caseId, who, n => n.concerned === 1)
  }

  keeps(procedure: Procedure, head: CaseHead, who: User): boolean {
    if (this.isAbout(head.id, who)) return true
    const own = procedure.privateTo
    return own !== undefined && !hasRole(who.roles, own.besides) && !this.#is(head.id, who, n => n.name === head.form[own.field])
  }

  #is(caseId: string, who: User, which: (n: Named) => boolean): boolean {
    return (this.#named.get(caseId) ?? []).some(n => which(n) && isSame(who, { id: n.user_id, name: n.name }))
  }
}
