import type { Selectable } from 'kysely'
import type { CaseFigures, CaseHead, FiguresGroup } from '#api/models/cases'
import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import type { Words } from '#contract/names'
import type { BooksReader } from '../../books/books.ts'
import type { Books } from '../../books/schema.ts'
import type { Procedure } from '../definition.ts'
import type { CaseEngine } from './caseEngine.ts'
import { seenBy } from './caseList.ts'
import { headOf } from './caseRows.ts'
import { stateOf } from './casesIn.ts'

type Clock = Selectable<Books['case_deadline']>
/** One side of a case that is counted: a group and the value in it; empty where nothing was said. */
type Side = { by: string; value: string }

/** How a clock came out. What ended without being done is none of the others. */
const outcomeOf = (c: Clock, endedAt: number | null): string => {
  if (c.missed_at !== null || (c.met_at !== null && c.met_at > c.limit_at)) return 'late'
  if (c.met_at !== null) return 'met'
  return endedAt === null ? 'running' : 'undone'
}

/** Of a choice of several each; one that says nothing where nothing was said. */
const saidIn = (value: unknown): string[] => {
  const all = (Array.isArray(value) ? value : [value]).map(v => String(v || ''))
  return all.length === 0 ? [''] : all
}

/** Everything by which a case is counted: its state, whose it is, each choice and tick of its form, and its clocks. */
const sidesOf = (fields: Procedure['fields'], head: CaseHead, clocks: readonly Clock[]): Side[] => [
  { by: 'state', value: head.state },
  { by: 'tenant', value: head.tenant ?? '' },
  { by: 'department', value: head.department ?? '' },
  { by: 'urgent', value: head.urgent ? 'true' : '' },
  ...fields.flatMap(f => saidIn(head.form[f.key]).map(value => ({ by: `form.${f.key}`, value }))),
  ...clocks.map(c => ({ by: `clock.${c.key}`, value: outcomeOf(c, head.endedAt) })),
]

/** What a definition calls a side and the values in it. */
const wordsOf = (p: Procedure, by: string): { name: Words | null; of(value: string): Words | null } => {
  if (by === 'state') return { name: null, of: state => stateOf(p, { state }) }
  const [, key] = by.split('.')
  const clock = by.startsWith('clock.') ? p.deadlines?.find(d => d.key === key) : undefined
  if (clock) return { name: clock.name, of: () => null }
  const field = by.startsWith('form.') ? p.fields.find(f => f.key === key) : undefined
  return { name: field?.label ?? null, of: value => field?.choices?.find(c => c.value === value)?.label ?? null }
}

/** So many are read at a time, and others are served in between. */
const page = 2000
/** Above so many days bars are months. */
const mostDays = 62
/** So many records of a number are listed, the newest. */
const mostRecords = 200

type Asked = { procedure: string; from: string; to: string }

/** The cases opened between two dates, both included, with their clocks, as far as somebody may see them. */
async function* opened(engine: CaseEngine, db: BooksReader, user: User, q: Asked) {
  const { calendar } = engine.directory
  const from = calendar.instantOf(q.from, 0)
  const to = calendar.instantOf(calendar.plusDays(q.to, 1), 0)
  let last: { at: number; id: string } | undefined
  for (;;) {
    const after = last
    let rows = seenBy(engine, db, user)
      .where('procedure', '=', q.procedure)
      .where('opened_at', '>=', from)
      .where('opened_at', '<', to)
    if (after) rows = rows.where(e => e(e.refTuple('opened_at', 'id'), '>', e.tuple(after.at, after.id)))
    const heads = (await rows.orderBy('opened_at').orderBy('id').limit(page).execute()).map(headOf)
    const clocks = await db
      .selectFrom('case_deadline')
      .selectAll()
      .where('case_id', 'in', ['', ...heads.map(h => h.id)])
      .execute()
    const of = new Map<string, Clock[]>()
    for (const c of clocks) of.set(c.case_id, [...(of.get(c.case_id) ?? []), c])
    yield heads.map(head => ({ head, clocks: of.get(head.id) ?? [] }))
    const end = heads.at(-1)
    if (!end || heads.length < page) return
    last = { at: end.openedAt, id: end.id }
  }
}

const countedFields = (procedure: Procedure, user: User) =>
  procedure.fields.filter(f => (f.kind === 'choice' || f.kind === 'flag') && (!f.sees || hasRole(user.roles, f.sees)))

/** How many of a procedure's cases were opened in a stretch, when, and how they came out on each side that its definition has. */
export const caseFigures = async (engine: CaseEngine, db: BooksReader, user: User, q: Asked): Promise<CaseFigures> => {
  const { calendar } = engine.directory
  const procedure = engine.procedure(q.procedure)
  const fields = countedFields(procedure, user)
  const groups = new Map<string, Map<string, number>>()
  const dates: string[] = []
  for (let d = q.from; d <= q.to; d = calendar.plusDays(d, 1)) dates.push(d)
  const barOf = (date: string) => (dates.length > mostDays ? date.slice(0, 7) : date)
  const bars = new Map(dates.map(d => [barOf(d), 0]))
  let count = 0
  let ended = 0
  for await (const some of opened(engine, db, user, q))
    for (const { head, clocks } of some) {
      count++
      if (head.endedAt !== null) ended++
      const bar = barOf(calendar.dateOf(head.openedAt))
      bars.set(bar, (bars.get(bar) ?? 0) + 1)
      for (const { by, value } of sidesOf(fields, head, clocks)) {
        const group = groups.get(by) ?? new Map<string, number>()
        groups.set(by, group.set(value, (group.get(value) ?? 0) + 1))
      }
    }
  const shown = [...groups].map(([by, values]): FiguresGroup => {
    const said = wordsOf(procedure, by)
    const sorted = [...values].toSorted((a, b) => b[1] - a[1])
    return { by, name: said.name, values: sorted.map(([value, n]) => ({ value, name: said.of(value), n })) }
  })
  const says = (g: FiguresGroup) => g.values.some(v => v.value !== '')
  return { count, ended, bars: [...bars].map(([at, n]) => ({ at, n })), groups: shown.filter(says) }
}

/** The cases behind one of those numbers, the newest first, as they are shown in lists. */
export const behindFigure = async (
  engine: CaseEngine,
  db: BooksReader,
  user: User,
  q: Asked & { by: string; value: string },
): Promise<CaseHead[]> => {
  const fields = countedFields(engine.procedure(q.procedure), user)
  const found: CaseHead[] = []
  for await (const some of opened(engine, db, user, q))
    for (const { head, clocks } of some)
      if (sidesOf(fields, head, clocks).some(s => s.by === q.by && s.value === q.value)) found.push(head)
  return found
    .slice(-mostRecords)
    .toReversed()
    .map(h => engine.shownTo(user, h))
}
