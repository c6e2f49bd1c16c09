import type { Selectable } from 'kysely'
import type { CaseStep } from '#api/models/cases'
import type { Books } from '../../server/books/schema.ts'

export const stepOf = (row: Selectable<Books['case_step']>): CaseStep => ({
  n: row.n,
  text: { zh: row.text_zh, en: row.text_en },
  owner: { zh: row.owner_zh, en: row.owner_en },
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
