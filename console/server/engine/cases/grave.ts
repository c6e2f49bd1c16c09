import { holds } from '#api/conditions'
import type { BooksReader } from '../../books/books.ts'
import type { Someone } from '../../books/persons.ts'
import type { Around } from '../chapter.ts'
import type { Procedure } from '../definition.ts'
import { headOf } from './caseRows.ts'
import { facing } from './deadlines.ts'
import { casesAbout } from './people.ts'

/** An open matter for which no shift is handed over (R61, 2b 2.4), as the definitions name them and the site counts them. */
export const gravest = async (
  db: BooksReader,
  { rules, manual }: Pick<Around, 'rules' | 'manual'>,
  who: Someone,
): Promise<{ procedure: Procedure; number: string } | null> => {
  for (const p of manual.procedures) {
    const counted = (p.grave ?? []).filter(g => g.counted === undefined || rules.value(g.counted) === true)
    if (counted.length === 0) continue
    const open = await db
      .selectFrom('case_file')
      .selectAll()
      .where('procedure', '=', p.id)
      .where('ended_at', 'is', null)
      .where('state', 'in', [...new Set(counted.flatMap(g => g.in))])
      .where('id', 'not in', casesAbout(db, who))
      .orderBy('opened_at')
      .execute()
    const found = open.map(headOf).find(h => counted.some(g => g.in.includes(h.state) && holds(g.when, facing(h))))
    if (found) return { procedure: p, number: found.number }
  }
  return null
}
