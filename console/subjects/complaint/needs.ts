import type { Role } from '#api/rights'
import type { BooksReader } from '../../server/books/books.ts'
import { accountsIn, rolesOf } from '../../server/books/persons.ts'
import { linkedTo } from '../../server/engine/cases/casesIn.ts'
import { isAbout, isNamed } from '../../server/engine/cases/people.ts'
import type { NeedsOf } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { notAboutOneself } from '../../server/engine/needs.ts'
import { answered, toldLast } from './answers.ts'
import { aboutSomebody } from './category.ts'
import type { complaint } from './definition.ts'
import { complaintVisitRate, ownStatement } from './settings.ts'
import type { statement } from './statementDefinition.ts'

/** Who has a role, by post or account, and is not the one whom a case is about. */
const somebodyElse = async (db: BooksReader, role: Role, caseId: string): Promise<boolean> => {
  const accounts = await accountsIn(db).where('user_account.active', '=', 1).execute()
  for (const a of accounts.filter(x => rolesOf(x).includes(role))) if (!(await isAbout(db, caseId, a))) return true
  return false
}

export const needs: NeedsOf<typeof complaint> = {
  'not-about-oneself': notAboutOneself,
  async visited({ db, head, rules }) {
    if (rules.number(complaintVisitRate) === null) return null
    // A visit before the last answer says nothing about it.
    const done = linkedTo(db, head.id, 'visit').where('case_file.ended_at', '>=', toldLast(head.facts)?.at ?? 0)
    return (await done.executeTakeFirst()) ? null : { code: 'not-visited' }
  },
  // R30 (000 §4.6.3.3): the general manager's, unless it is about the only one.
  async 'decided-above'({ db, head }) {
    if (!head.form.major || 'instruct' in head.facts) return null
    return (await somebodyElse(db, 'general-manager', head.id)) ? { code: 'not-decided' } : null
  },
  async 'own-statements'({ rules }) {
    return rules.value(ownStatement) === true ? null : { code: 'not-at-this-site' }
  },
  // R25, R26: what must be reported has been, before the case is closed.
  async reported({ head }) {
    const owed = [
      ...(head.form.way === 'company' ? ['report'] : []),
      ...(head.form.collective ? ['tell-director', 'tell-company'] : []),
    ]
    return owed.every(verb => verb in head.facts) ? null : { code: 'not-reported' }
  },
  // R29: in person or in writing, as it came.
  async 'letter-in-writing'({ head, said }) {
    const by = said && didOf({ [answered.verb]: said }, answered)?.by
    return head.form.way === 'letter' && by === 'phone' ? { code: 'answer-the-letter', field: 'by' } : null
  },
  // R30: a major complaint ends after the report on it.
  async 'corrective-reported'({ db, head }) {
    const open = await linkedTo(db, head.id, 'corrective').where('case_file.ended_at', 'is', null).executeTakeFirst()
    return open ? { code: 'corrective-open', detail: { number: open.number } } : null
  },
  async 'complainant-heard'({ head }) {
    return 'hear-complainant' in head.facts ? null : { code: 'complainant-first' }
  },
  async 'heard-apart'({ db, head, rules }) {
    if (!aboutSomebody.some(c => c === head.form.category)) return null
    const heard = ['hear-complainant', 'hear-employee'].every(verb => verb in head.facts)
    if (!heard) return { code: 'not-heard-apart' }
    // C23: whoever has an account here writes his own as well.
    const named = db.selectFrom('case_person').select('user_id').where('case_id', '=', head.id)
    const { user_id } = (await named.where('name', '=', head.form.against ?? '').executeTakeFirst()) ?? {}
    if (!user_id || rules.value(ownStatement) !== true) return null
    const written = await linkedTo(db, head.id, 'statement').where('case_file.state', '=', 'written').executeTakeFirst()
    return written ? null : { code: 'statement-missing' }
  },
}

export const statementNeeds: NeedsOf<typeof statement> = {
  async 'named-himself'({ db, head, by }) {
    return (await isNamed(db, head.id, head.form.who, by)) ? null : { code: 'not-your-role' }
  },
}
