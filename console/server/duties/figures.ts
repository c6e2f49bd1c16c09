import type { BooksReader } from '../books/books.ts'
import type { SiteRules } from '../site/siteRules.ts'

/** Counts of a stretch of time, [from, to), ms. */
type Stretch = { from: number; to: number }
export type Figures = Record<string, number>

const cases = (db: BooksReader, procedure: string) => db.selectFrom('case_file').selectAll().where('procedure', '=', procedure)

/**
 * Repair orders received in the stretch: how many are done, open, and open without a reason (R45). Orders for overtime air
 * are not repairs and do not distort the figures.
 */
export const repairFigures = async (db: BooksReader, s: Stretch): Promise<Figures & { withoutReason: number }> => {
  const rows = (await cases(db, 'repair').where('opened_at', '>=', s.from).where('opened_at', '<', s.to).execute()).filter(
    r => JSON.parse(r.form_json).kind !== 'overtime' && r.state !== 'void',
  )
  const open = rows.filter(r => r.ended_at === null)
  const withoutReason = open.filter(r => !['unfinished', 'waiting-parts'].includes(r.state))
  return {
    received: rows.length,
    done: rows.length - open.length,
    open: open.length,
    urgent: rows.filter(r => r.urgent === 1).length,
    withoutReason: withoutReason.length,
  }
}

/** Complaints received: all must have a recorded result (T21, C37); repeats are those of one place and category. */
export const complaintFigures = async (db: BooksReader, s: Stretch): Promise<Figures> => {
  const rows = await cases(db, 'complaint').where('opened_at', '>=', s.from).where('opened_at', '<', s.to).execute()
  const groups = new Map<string, number>()
  for (const r of rows) {
    const key = `${r.place}/${JSON.parse(r.form_json).category}`
    groups.set(key, (groups.get(key) ?? 0) + 1)
  }
  const handled = rows.filter(r => 'handle' in JSON.parse(r.facts_json) || 'invalid' in JSON.parse(r.facts_json))
  return {
    received: rows.length,
    handled: handled.length,
    closed: rows.filter(r => r.ended_at !== null).length,
    collective: rows.filter(r => JSON.parse(r.form_json).collective === true).length,
    major: rows.filter(r => JSON.parse(r.form_json).major === true).length,
    repeated: [...groups.values()].filter(n => n > 1).reduce((sum, n) => sum + n, 0),
  }
}

/** Repairs completed in the stretch, and how many of them have been visited; overtime orders as the site decides (C41). */
export const visitFigures = async (db: BooksReader, s: Stretch, rules: SiteRules): Promise<Figures & { owed: number }> => {
  const done = await repairsToVisit(db, s, rules)
  const visited = done.filter(r => r.visited)
  const rate = rules.number('repair-visit-rate')
  const visits = await cases(db, 'return-visit').where('ended_at', '>=', s.from).where('ended_at', '<', s.to).execute()
  const customers = new Set(visits.filter(v => JSON.parse(v.form_json).about === 'visit').map(v => v.tenant ?? v.place))
  return {
    completed: done.length,
    visited: visited.length,
    percent: done.length === 0 ? 100 : Math.floor((visited.length * 100) / done.length),
    owed: rate === null ? 0 : Math.max(0, Math.ceil((done.length * rate) / 100) - visited.length),
    // Return visits do not count as customer visits, and a customer counts once (004 row 11).
    customers: customers.size,
  }
}

/** Repairs completed in the stretch with whether a return visit has been made or begun, oldest first. */
export const repairsToVisit = async (db: BooksReader, s: Stretch, rules: SiteRules) => {
  const rows = await cases(db, 'repair')
    .where('state', '=', 'done')
    .where('ended_at', '>=', s.from)
    .where('ended_at', '<', s.to)
    .orderBy('ended_at')
    .execute()
  const counted = rows.filter(
    r => rules.value('repair-visits-with-overtime') === true || JSON.parse(r.form_json).kind !== 'overtime',
  )
  if (counted.length === 0) return []
  const links = await db
    .selectFrom('case_link')
    .innerJoin('case_file', 'case_file.id', 'case_link.to_case')
    .select(['case_link.from_case', 'case_file.ended_at'])
    .where('relation', '=', 'visit')
    .where(
      'from_case',
      'in',
      counted.map(r => r.id),
    )
    .execute()
  return counted.map(row => ({
    row,
    begun: links.some(l => l.from_case === row.id),
    visited: links.some(l => l.from_case === row.id && l.ended_at !== null),
  }))
}
