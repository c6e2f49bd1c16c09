import type { CaseHead } from '#api/models/cases'
import { isSame } from '../../books/persons.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { sentBefore } from '../sentForms.ts'
import { headOf } from './caseRows.ts'

/** The case that this form has become already. */
export const openedBefore = (work: Work, sentAs: string, procedure: string, form: unknown): Promise<CaseHead | undefined> =>
  sentBefore(work, sentAs, form, async record => {
    const row = await work.tx.selectFrom('case_file').selectAll().where('id', '=', record).executeTakeFirst()
    const mine = row?.procedure === procedure && isSame(work.actor, { id: row.owner_id, name: row.owner })
    return mine ? headOf(row) : undefined
  })
