import type { Selectable } from 'kysely'
import type { CaseStep } from '#api/models/cases'
import type { Books } from '../../server/books/schema.ts'
import { wordsIn } from '../../server/books/words.ts'

export const stepOf = (row: Selectable<Books['case_step']>): CaseStep => ({
  n: row.n,
  text: wordsIn(row.text_json),
  owner: wordsIn(row.owner_json),
  source: row.source,
  withinS: row.within_s,
  after: row.after_n,
  startedAt: row.started_at,
  dueAt: row.due_at,
  doneAt: row.done_at,
  doneBy: row.done_by,
  overdueAt: row.overdue_at,
  aside: row.aside_at === null ? null : { at: row.aside_at, by: row.aside_by ?? '', why: row.aside_why ?? '' },
})
