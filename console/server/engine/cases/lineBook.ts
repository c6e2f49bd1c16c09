import type { Selectable } from 'kysely'
import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { CaseHead, CaseLine } from '#api/models/cases'
import { hasRole, type Role } from '#api/rights'
import { type Text, worded } from '#api/words/text'
import { audit } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { writeHistory } from '../../books/history.ts'
import type { Someone } from '../../books/persons.ts'
import type { Books } from '../../books/schema.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { asked } from '../asked.ts'
import type { Blocked } from '../blocked.ts'
import type { Around } from '../chapter.ts'
import type { Procedure } from '../definition.ts'
import { keepDrawings } from '../drawings.ts'
import type { Form } from '../field.ts'
import { checkedForm } from '../formSchema.ts'
import { isSettled, type LineList, type LineStep, takersOf } from '../lines.ts'
import { thingsKnown } from '../things/thingBook.ts'
import { dataOf } from './bringAbout.ts'

/** The lines of cases (design §6): rows with a state and a signature each. */

type Row = Selectable<Books['case_line']>
const formOf = (r: Row): Form => JSON.parse(r.form_json)
const factsOf = (r: Row): Record<string, unknown> => JSON.parse(r.facts_json)

/** What this asks of the engine, which in turn calls it. */
type Cases = {
  readonly around: Around
  procedureOf(head: CaseHead): Procedure
  head(db: BooksReader, caseId: string): Promise<CaseHead>
  open(work: Work, id: string, input: { form: Form; place?: string | null; urgent?: boolean }, doer: 'system'): Promise<CaseHead>
  keepAlike(work: Work, from: string): Promise<void>
}

const rowsOf = (db: BooksReader, caseId: string) =>
  db.selectFrom('case_line').selectAll().where('case_id', '=', caseId).orderBy('list').orderBy('n').execute()

const listOf = (procedure: Procedure, key: string): LineList => {
  const found = procedure.lines?.find(l => l.key === key)
  if (!found) throw new Refusal('unknown-line', 'list')
  return found
}

const textOf = (list: LineList, row: Row): Text => worded((formOf(row)[list.about] as Text | string | undefined) ?? '')

const addRow = async (work: Work, head: CaseHead, list: LineList, o: { given: string | null; form: Form }): Promise<Row> => {
  const last = work.tx
    .selectFrom('case_line')
    .select(e => e.fn.max('n').as('n'))
    .where('case_id', '=', head.id)
  const n = Number((await last.where('list', '=', list.key).executeTakeFirst())?.n ?? 0) + 1
  const row: Row = {
    ...{ id: ulid(), case_id: head.id, list: list.key, n, given: o.given, state: list.initial },
    ...{ form_json: JSON.stringify(o.form), facts_json: '{}', added_at: work.at, changed_at: work.at, waits_for: null },
  }
  await work.tx.insertInto('case_line').values(row).execute()
  return row
}

/** The rows that stand there by the form, as it is now: those that nobody has touched come and go with it. */
export const giveLines = async (work: Work, procedure: Procedure, head: CaseHead): Promise<void> => {
  if (!procedure.lines) return
  const rows = await rowsOf(work.tx, head.id)
  for (const list of procedure.lines) {
    const given = list.given?.(head.form) ?? []
    const stand = rows.filter(r => r.list === list.key && r.given !== null)
    for (const r of stand)
      if (!given.some(g => g.key === r.given) && r.facts_json === '{}')
        await work.tx.deleteFrom('case_line').where('id', '=', r.id).execute()
    for (const g of given) if (!stand.some(r => r.given === g.key)) await addRow(work, head, list, { given: g.key, form: g.form })
  }
}

const note = async (work: Work, head: CaseHead, list: LineList, row: Row, verb: string, said: Form) => {
  const line = { list: list.key, n: row.n, about: textOf(list, row), verb, said }
  await writeHistory(work, { record: head.id, verb: 'line', detail: { line } })
  await audit(work.tx, work.at, work.actor, 'case-line', head.number, {
    procedure: head.procedure,
    list: list.key,
    n: row.n,
    verb,
  })
  await work.tx.updateTable('case_file').set({ changed_at: work.at }).where('id', '=', head.id).execute()
  work.touched.cases.add(head.id)
}

const mustBeOpen = (head: CaseHead, list: LineList) => {
  if (!list.in.includes(head.state)) throw new Refusal('not-in-this-state', 'state', { state: head.state })
}

/** Somebody writes a further row. */
export const addLine = async (
  engine: Cases,
  work: Work,
  head: CaseHead,
  o: { list: string; form: Form },
  doer: { roles: readonly Role[] },
): Promise<void> => {
  const list = listOf(engine.procedureOf(head), o.list)
  if (!hasRole(doer.roles, list.adds ?? [])) throw new Refusal('not-your-role')
  mustBeOpen(head, list)
  const form = checkedForm(list.fields, o.form)
  await thingsKnown(work.tx, engine.around.directory, list.fields, form)
  const row = await addRow(work, head, list, { given: null, form })
  await note(work, head, list, row, 'add', form)
}

const blockedFor = (
  head: CaseHead,
  list: LineList,
  step: LineStep,
  row: Row,
  doer: { roles: readonly Role[] },
): Blocked | null => {
  if (!hasRole(doer.roles, takersOf(list, step, row.given, head.form))) return { code: 'not-your-role' }
  return list.in.includes(head.state) ? null : { code: 'not-in-this-state' }
}

/** Takes a step of a row, in the caller's transaction; what it asks for is signed by whoever takes it. */
export const actOnLine = async (
  engine: Cases,
  work: Work,
  head: CaseHead,
  o: { line: string; verb: string; said: Form; seen: string },
  doer: { roles: readonly Role[] },
): Promise<void> => {
  const procedure = engine.procedureOf(head)
  const row = await work.tx.selectFrom('case_line').selectAll().where('id', '=', o.line).executeTakeFirst()
  if (!row || row.case_id !== head.id) throw new Refusal('unknown-line', 'line')
  const list = listOf(procedure, row.list)
  // Somebody else has taken a step of it since it was looked at.
  if (row.state !== o.seen) throw new Refusal('changed-meanwhile', 'line')
  const step = list.steps.find(s => s.verb === o.verb && s.from.includes(row.state))
  if (!step) throw new Refusal('not-in-this-state', 'state', { state: row.state })
  const blocked = blockedFor(head, list, step, row, doer)
  if (blocked) throw new Refusal(blocked.code)
  const said = await keepDrawings(work, [head.id], step.asks, asked(step.asks, o.said, work.actor))
  await take(engine, work, head, list, row, step, said)
}

const take = async (engine: Cases, work: Work, head: CaseHead, list: LineList, row: Row, step: LineStep, said: Form) => {
  const { id: byId, display: by } = work.actor
  const facts = { ...factsOf(row), [step.verb]: { at: work.at, by, byId, ...said } }
  const waits = step.asksFor ? await openFor(engine, work, head, row, step.asksFor, said) : null
  await work.tx
    .updateTable('case_line')
    .set({ state: step.to, facts_json: JSON.stringify(facts), changed_at: work.at, waits_for: waits })
    .where('id', '=', row.id)
    .execute()
  await note(work, head, list, row, step.verb, said)
}

/** What a row asks for is opened and linked; another row of the same case may ask for the same. */
const openFor = async (
  engine: Cases,
  work: Work,
  head: CaseHead,
  row: Row,
  wish: NonNullable<LineStep['asksFor']>,
  said: Form,
): Promise<string> => {
  const { manual, directory } = engine.around
  const form = wish.form(await dataOf(work.tx, directory, head), { ...formOf(row), ...said })
  const opened = await engine.open(
    work,
    manual.rendering(wish.service).id,
    { form: form as Form, place: head.place, urgent: head.urgent },
    'system',
  )
  await work.tx
    .insertInto('case_link')
    .values({ from_case: head.id, to_case: opened.id, relation: `line-${row.list}` })
    .execute()
  await engine.keepAlike(work, head.id)
  return opened.id
}

/** A case has ended for which lines of others wait: they go on. */
export const goOnAfter = async (engine: Cases, work: Work, ended: CaseHead): Promise<void> => {
  const waiting = await work.tx.selectFrom('case_line').selectAll().where('waits_for', '=', ended.id).execute()
  for (const row of waiting) {
    const head = await engine.head(work.tx, row.case_id)
    const list = engine.procedureOf(head).lines?.find(l => l.key === row.list)
    const after = list?.steps.find(s => s.asksFor && s.to === row.state)?.asksFor?.after
    const step = list?.steps.find(s => s.verb === after && s.from.includes(row.state))
    if (list && step && head.endedAt === null) await take(engine, work, head, list, row, step, {})
  }
}

/** What stands in the way of a step that wants lists settled: the rows, by what they are. */
export const unsettled = async (
  db: BooksReader,
  procedure: Procedure,
  caseId: string,
  lists: readonly string[],
): Promise<Text[]> => {
  const rows = lists.length === 0 ? [] : await rowsOf(db, caseId)
  return rows.flatMap(r => {
    const list = lists.includes(r.list) ? procedure.lines?.find(l => l.key === r.list) : undefined
    return list && !isSettled(list, r.state) ? [textOf(list, r)] : []
  })
}

/** The rows of a case as somebody may see and sign them. */
export const linesShown = async (
  db: BooksReader,
  procedure: Procedure,
  head: CaseHead,
  who: Someone & { roles: readonly Role[] },
): Promise<CaseLine[]> => {
  if (!procedure.lines) return []
  const rows = await rowsOf(db, head.id)
  return procedure.lines.flatMap(list =>
    rows
      .filter(r => r.list === list.key)
      .map(r => ({
        ...{ id: r.id, list: r.list, n: r.n, state: r.state, form: formOf(r), facts: factsOf(r) },
        ...{ changedAt: r.changed_at, settled: isSettled(list, r.state), waitsFor: r.waits_for },
        verbs: list.steps.filter(s => s.from.includes(r.state) && blockedFor(head, list, s, r, who) === null).map(s => s.verb),
      })),
  )
}
