import type { BooksReader } from '../../books/books.ts'
import type { SiteRules } from '../../site/siteRules.ts'
import { type Count, type Figures, plain, type Stretch } from '../routines/evidence.ts'
import type { Register } from './register.ts'

/** What was written in the stretch. */
export const entriesIn = (db: BooksReader, register: Pick<Register, 'id'>, s: Stretch) =>
  db
    .selectFrom('register_entry')
    .select(['form_json', 'read_at', 'checked_at'])
    .where('register', '=', register.id)
    .where('at', '>=', s.from)
    .where('at', '<', s.to)
    .execute()

/** What was written in the stretch, and whatever is still unread from before it (R64: read daily). */
export const readFigures = async (db: BooksReader, register: Register, s: Stretch): Promise<Count> => {
  const written = await entriesIn(db, register, s)
  const unread = await db
    .selectFrom('register_entry')
    .select(e => e.fn.countAll().as('n'))
    .where('register', '=', register.id)
    .where('at', '<', s.to)
    .where('read_at', 'is', null)
    .executeTakeFirst()
  return plain({ entries: written.length, unread: Number(unread?.n ?? 0) })
}

/** How much of a register's entries of the stretch has been checked, and how much is still owed (R64, T72). */
export const checkFigures = async (db: BooksReader, register: Register, s: Stretch, rules: SiteRules): Promise<Figures> => {
  const written = await entriesIn(db, register, s)
  const checked = written.filter(e => e.checked_at !== null).length
  const share = register.checkShare ? rules.number(register.checkShare) : null
  return {
    entries: written.length,
    checked,
    checksOwed: share === null ? 0 : Math.max(0, Math.ceil((written.length * share) / 100) - checked),
  }
}
