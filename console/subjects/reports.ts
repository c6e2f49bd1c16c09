import type { CaseHead } from '#api/models/cases'
import type { ReportTable } from '#api/models/duties'
import { both } from '#api/words/both'
import { worded } from '#api/words/worded'
import type { Words } from '#contract/names'
import type { BooksReader } from '../server/books/books.ts'
import type { CaseEngine } from '../server/engine/cases/caseEngine.ts'
import { headOf } from '../server/engine/cases/caseRows.ts'
import type { Directory } from '../server/site/directory.ts'
import { carriedRepairs, complaintClass, complaintGroups, dutyLines, isRepair, openedIn, type Stretch } from './figures.ts'
import type { Evidence } from './routines.ts'

type Row = ReportTable['rows'][number]
type Look = { db: BooksReader; engine: CaseEngine; directory: Directory; stretch: Stretch }

const choiceOf = ({ engine }: Look, procedure: string, key: string) => {
  const choices = engine.procedure(procedure).fields.find(f => f.key === key)?.choices ?? []
  return (value: unknown): Words => choices.find(c => c.value === value)?.label ?? { zh: String(value), en: String(value) }
}
const stateOf = ({ engine }: Look, head: CaseHead): Words =>
  engine.procedure(head.procedure).states[head.state]?.name ?? { zh: head.state, en: head.state }

const columns = (...keys: (keyof typeof import('#api/words/zh').zh.report.columns)[]) =>
  keys.map(k => both(t => t.report.columns[k]))
const table = (title: Words, heads: Words[], rows: Row[]): ReportTable[] =>
  rows.length === 0 ? [] : [{ title, columns: heads, rows }]

/** Groups in the order in which they first occur. */
const grouped = (heads: readonly CaseHead[], key: string) => {
  const groups = new Map<unknown, CaseHead[]>()
  for (const h of heads) groups.set(h.form[key], [...(groups.get(h.form[key]) ?? []), h])
  return [...groups]
}
const ended = (heads: readonly CaseHead[]) => heads.filter(h => h.endedAt !== null).length

/** Why an order is not done, in the words of whoever said so last (R45). */
const reasonOf = (head: CaseHead): string => {
  const facts = head.facts as Record<string, { at: number; reason?: string } | undefined>
  const said = [facts['defer'], facts['need-parts']].filter(f => f?.reason).sort((a, b) => (b?.at ?? 0) - (a?.at ?? 0))
  return said[0]?.reason ?? ''
}

const repairs = async (look: Look): Promise<ReportTable[]> => {
  const heads = (await openedIn(look.db, 'repair', look.stretch)).filter(isRepair)
  const kind = choiceOf(look, 'repair', 'kind')
  const oneDay = look.stretch.to - look.stretch.from <= 40 * 3_600_000
  return [
    ...table(
      both(t => t.report.byKind),
      columns('kind', 'received', 'done', 'open', 'urgent'),
      grouped(heads, 'kind').map(([k, list]) => [
        kind(k),
        list.length,
        ended(list),
        list.length - ended(list),
        list.filter(h => h.urgent).length,
      ]),
    ),
    // 《日常报修记录表》 (R45): the day's orders one by one.
    ...table(
      both(t => t.report.dailyRecord),
      columns('number', 'urgent', 'place', 'what', 'contact', 'phone', 'state', 'handler'),
      (oneDay ? heads : []).map(h => [
        h.number,
        h.urgent ? both(t => t.cases.urgent) : '',
        look.directory.placeName(h.place),
        worded(h.form['content']),
        worded(h.form['contact']),
        String(h.form['phone']),
        stateOf(look, h),
        h.handler ?? '',
      ]),
    ),
    ...table(
      both(t => t.report.unfinished),
      columns('number', 'place', 'what', 'state', 'reason'),
      [...(await carriedRepairs(look.db, look.stretch)), ...heads.filter(h => h.endedAt === null)].map(h => [
        h.number,
        look.directory.placeName(h.place),
        worded(h.form['content']),
        stateOf(look, h),
        reasonOf(h),
      ]),
    ),
  ]
}

const complaints = async (look: Look): Promise<ReportTable[]> => {
  const heads = await openedIn(look.db, 'complaint', look.stretch)
  const category = choiceOf(look, 'complaint', 'category')
  const classes = new Map<string, number>()
  for (const h of heads) classes.set(complaintClass(h.facts), (classes.get(complaintClass(h.facts)) ?? 0) + 1)
  return [
    ...table(
      both(t => t.report.byCategory),
      columns('kind', 'received', 'done', 'open'),
      grouped(heads, 'category').map(([k, list]) => [category(k), list.length, ended(list), list.length - ended(list)]),
    ),
    ...table(
      both(t => t.report.byClass),
      columns('class', 'received'),
      [...classes].map(([k, n]) => [both(t => t.report.classes[k] ?? k), n]),
    ),
    // 001 compl.9: problems that come again are studied, so that they do not.
    ...table(
      both(t => t.report.repeats),
      columns('place', 'kind', 'times', 'numbers'),
      complaintGroups(heads)
        .filter(g => g.length > 1)
        .map(g => [
          look.directory.placeName(g[0]?.place ?? null),
          category(g[0]?.form['category']),
          g.length,
          g.map(h => h.number).join('、'),
        ]),
    ),
    ...table(
      both(t => t.report.unfinished),
      columns('number', 'place', 'what', 'state'),
      heads
        .filter(h => h.endedAt === null)
        .map(h => [h.number, look.directory.placeName(h.place), worded(h.form['content']), stateOf(look, h)]),
    ),
  ]
}

const visits = async (look: Look): Promise<ReportTable[]> => {
  const rows = await look.db
    .selectFrom('case_file')
    .selectAll()
    .where('procedure', '=', 'return-visit')
    .where('changed_at', '>=', look.stretch.from)
    .where('opened_at', '<', look.stretch.to)
    .orderBy('opened_at')
    .execute()
  const heads = rows.map(headOf)
  const about = choiceOf(look, 'return-visit', 'about')
  const wordsOf = (h: CaseHead) =>
    String((h.facts['satisfied'] as { words?: string })?.words ?? (h.facts['unsatisfied'] as { words?: string })?.words ?? '')
  return table(
    both(t => t.report.visits),
    columns('number', 'kind', 'place', 'what', 'state', 'words'),
    heads.map(h => [
      h.number,
      about(h.form['about']),
      look.directory.placeName(h.place),
      worded(h.form['subject']),
      stateOf(look, h),
      wordsOf(h),
    ]),
  )
}

const attendance = async (look: Look): Promise<ReportTable[]> => {
  const lines = await dutyLines(look.db, look.stretch, look.directory.calendar)
  return table(
    both(t => t.report.attendance),
    columns('person', 'rostered', 'handedOver'),
    lines.map(l => [l.person, l.rostered, l.handedOver]),
  )
}

/** The tables of a summary, in both languages (R31, R33, R48, T71). A duty that is closed with a note alone has none. */
export const reportTables = (evidence: Evidence, look: Look): Promise<ReportTable[]> | ReportTable[] => {
  switch (evidence) {
    case 'repair-figures':
      return repairs(look)
    case 'complaint-figures':
      return complaints(look)
    case 'visit-figures':
      return visits(look)
    case 'duty-figures':
      return attendance(look)
    default:
      return []
  }
}

/** Tables without the lines of cases that are kept from somebody; what was counted stays counted. */
export const withoutCases = (tables: readonly ReportTable[], kept: readonly { number: string }[]): ReportTable[] => {
  const numbers = new Set(kept.map(k => k.number))
  const speaks = (cell: Row[number]) => typeof cell === 'string' && cell.split(/[\s、]+/).some(w => numbers.has(w))
  return tables.map(t => ({ ...t, rows: t.rows.filter(r => !r.some(speaks)) }))
}
