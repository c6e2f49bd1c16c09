import type { Selectable } from 'kysely'
import type { CaseStep } from '#api/models/cases'
import type { Books } from '../../server/books/schema.ts'
import { wordsIn } from '../../server/books/words.ts'
import type { AnswersAs } from './leading.ts'

/** How it is kept as what somebody has answered. */
export const kept: Readonly<Record<AnswersAs, number>> = { own: 0, lead: 1, 'stand-in': 2 }
const doneAs: readonly AnswersAs[] = ['own', 'lead', 'stand-in']

type Row = Selectable<Books['case_step']>

export const postsIn = (row: Pick<Row, 'posts_json'>): string[] => JSON.parse(row.posts_json)

export const stepOf = (row: Row, has: readonly string[], answersAs: AnswersAs | null): CaseStep => ({
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
  doneAs: doneAs[row.by_lead] ?? 'own',
  has: [...has],
  answersAs,
  overdueAt: row.overdue_at,
  aside: row.aside_at === null ? null : { at: row.aside_at, by: row.aside_by ?? '', why: row.aside_why ?? '' },
})
