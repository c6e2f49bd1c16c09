import type { Selectable } from 'kysely'
import { holds } from '#api/conditions'
import type { BooksReader } from '../../server/books/books.ts'
import type { Books } from '../../server/books/schema.ts'
import { casesOf } from '../../server/engine/cases/casesIn.ts'
import type { Around } from '../../server/engine/chapter.ts'
import type { Procedure } from '../../server/engine/definition.ts'
import type { Stretch } from '../../server/engine/routines/evidence.ts'

type Row = Selectable<Books['case_file']>
export type ToVisit = { row: Row; begun: boolean; visited: boolean }

const countedOf = async (db: BooksReader, { rules }: Pick<Around, 'rules'>, p: Procedure, s: Stretch): Promise<Row[]> => {
  const counted = (p.visited?.cases ?? []).filter(c => c.counted === undefined || rules.value(c.counted) === true)
  if (counted.length === 0) return []
  const rows = await casesOf(db, p)
    .where('state', 'in', [...new Set(counted.flatMap(c => c.in))])
    .where('ended_at', '>=', s.from)
    .where('ended_at', '<', s.to)
    .execute()
  return rows.filter(r => counted.some(c => c.in.includes(r.state) && holds(c.when, JSON.parse(r.form_json))))
}

/** What came to an end in the stretch and is to be visited as a sample, with whether a visit has been made or begun; oldest first. */
export const toVisitIn = async (db: BooksReader, around: Pick<Around, 'rules' | 'manual'>, s: Stretch): Promise<ToVisit[]> => {
  const all = await Promise.all(around.manual.procedures.map(p => countedOf(db, around, p, s)))
  const rows = all.flat().sort((a, b) => (a.ended_at ?? 0) - (b.ended_at ?? 0))
  if (rows.length === 0) return []
  const links = await db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select(['case_link.from_case', 'case_file.facts_json'])
    .where('relation', '=', 'visit')
    .where(
      'from_case',
      'in',
      rows.map(r => r.id),
    )
    .execute()
  return rows.map(row => ({
    row,
    begun: links.some(l => l.from_case === row.id),
    // Whoever was not satisfied has been visited all the same.
    visited: links.some(l => l.from_case === row.id && l.facts_json !== '{}'),
  }))
}
