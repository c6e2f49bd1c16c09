import { holds } from '#api/conditions'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { hasDone } from '../../server/engine/cases/people.ts'
import type { NeedsOf } from '../../server/engine/chapter.ts'
import type { returnVisit } from './definition.ts'
import { complaintVisitsBy } from './settings.ts'

export const needs: NeedsOf<typeof returnVisit> = {
  // C18: the manual names the assistant or the supervisor; a site may leave it to one of them. The manager always may.
  async 'pays-visits'({ head, doer, rules }) {
    const only = rules.value(complaintVisitsBy)
    if (typeof doer === 'string' || only === 'either' || head.form.about !== 'after-complaint') return null
    return doer.roles.some(r => r === only || r === 'manager' || r === 'general-manager') ? null : { code: 'not-your-role' }
  },
  /** What it comes of may ask for somebody who had no hand in it (R30). */
  async 'other-hands'({ db, head, by, manual }) {
    const row = await db
      .selectFrom('case_link')
      .innerJoin('case_file', 'case_file.id', 'case_link.from_case')
      .selectAll('case_file')
      .where('to_case', '=', head.id)
      .where('relation', '=', 'visit')
      .executeTakeFirst()
    const from = row && headOf(row)
    const others = from && manual.procedure(from.procedure, from.version)?.visitedByOthers
    if (!others || !holds(others.when, from.form)) return null
    return others.than.some(verb => hasDone(from.facts, verb, by)) ? { code: 'other-hands' } : null
  },
}
