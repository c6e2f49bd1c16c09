import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { Refusal } from '#api/errors'
import type { MonthLine, MonthState, MonthVerb, MonthView } from '#api/models/months'
import { hasRole, type Role } from '#api/rights'
import { say } from '#api/words/text'
import { accountIdOf, audit } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { writeHistory } from '../../server/books/history.ts'
import { inParts } from '../../server/books/inParts.ts'
import { tell } from '../../server/books/notices.ts'
import { isSame, type Someone } from '../../server/books/persons.ts'
import type { Books } from '../../server/books/schema.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Around } from '../../server/engine/chapter.ts'
import { billedLines, billedOf } from '../../server/engine/serviceCharges.ts'
import { openLines } from './arithmetic/sheetLines.ts'

type Row = Selectable<Books['month_sheet']>

/** Each step of a month: from where to where, and by whom (R38, R41: the desk adds up and hands in, Finance audits). */
const steps: Readonly<Record<MonthVerb, { from: MonthState; to: MonthState; by: readonly Role[] }>> = {
  check: { from: 'draft', to: 'checked', by: ['supervisor', 'manager'] },
  back: { from: 'checked', to: 'draft', by: ['supervisor', 'manager', 'front-desk'] },
  hand: { from: 'checked', to: 'handed', by: ['front-desk', 'supervisor'] },
  'send-back': { from: 'handed', to: 'draft', by: ['finance'] },
  audit: { from: 'handed', to: 'audited', by: ['finance'] },
  lock: { from: 'audited', to: 'locked', by: ['finance'] },
}
const stateOf = (row: Row | undefined): MonthState => (row?.state as MonthState | undefined) ?? 'draft'
const isFrozen = (state: MonthState) => state !== 'draft' && state !== 'checked'
const sheetRecord = (month: string) => `month/${month}`

const rowOf = (db: BooksReader, month: string): Promise<Row | undefined> =>
  db.selectFrom('month_sheet').selectAll().where('month', '=', month).executeTakeFirst()

/** What is not with Finance yet, of a month and those before. */
const openOf = async ({ manual }: Pick<Around, 'manual'>, db: BooksReader, month: string): Promise<MonthLine[]> => {
  const [charges, billed] = await Promise.all([
    manual.charges({ db, until: month }),
    db.selectFrom(billedOf(db)).selectAll().execute(),
  ])
  return openLines(
    month,
    charges,
    billed.map(b => ({ charge: b.charge, fen: Number(b.fen) })),
  )
    .map(({ charge: { id, fen: chargedFen, ...c }, fen, kind }): MonthLine => ({ charge: id, ...c, chargedFen, fen, kind }))
    .sort((a, b) => (a.tenant ?? '').localeCompare(b.tenant ?? '') || a.at - b.at || a.charge.localeCompare(b.charge))
}

const frozenOf = async (db: BooksReader, month: string): Promise<MonthLine[]> => {
  const rows = await billedLines(db).select('line_json').where('sheet', '=', month).orderBy('n').execute()
  return rows.map(r => JSON.parse(r.line_json) as MonthLine)
}

const linesOf = (around: Pick<Around, 'manual'>, db: BooksReader, month: string, row: Row | undefined) =>
  isFrozen(stateOf(row)) ? frozenOf(db, month) : openOf(around, db, month)

const total = (lines: readonly { fen: number }[]) => lines.reduce((sum, l) => sum + l.fen, 0)

/** A month as it stands, for somebody. */
export const monthOf = async (
  around: Pick<Around, 'manual'>,
  db: BooksReader,
  month: string,
  who: Someone & { roles: readonly Role[] },
): Promise<MonthView> => {
  const row = await rowOf(db, month)
  const state = stateOf(row)
  const [lines, open] = await Promise.all([
    linesOf(around, db, month, row),
    isFrozen(state) ? openOf(around, db, month) : Promise.resolve([]),
  ])
  const signed = (at: number | null | undefined, by: string | null | undefined) => (at && by ? { at, by } : null)
  return {
    ...{ month, state, lines, totalFen: total(lines) },
    signed: {
      checked: signed(row?.checked_at, row?.checked_by),
      handed: signed(row?.handed_at, row?.handed_by),
      audited: signed(row?.audited_at, row?.audited_by),
      locked: signed(row?.locked_at, row?.locked_by),
    },
    later: { lines: open.length, fen: total(open) },
    verbs: (Object.keys(steps) as MonthVerb[]).filter(v => steps[v].from === state && !blocked(v, row, who)),
  }
}

/** Nobody audits, or sends back, what he has himself checked or handed in. */
const blocked = (verb: MonthVerb, row: Row | undefined, who: Someone & { roles: readonly Role[] }) => {
  if (!hasRole(who.roles, steps[verb].by)) return 'not-your-role' as const
  const mine = (by: string | null | undefined, id: string | null | undefined) =>
    Boolean(by) && isSame(who, { id: id ?? null, name: by ?? '' })
  const own = mine(row?.checked_by, row?.checked_by_id) || mine(row?.handed_by, row?.handed_by_id)
  return (verb === 'audit' || verb === 'send-back') && own ? ('own-entry' as const) : null
}

/**
 * Takes a step of a month. Handing in freezes it as it stands: what is made or changes afterwards, also before midnight of its last day,
 * goes into the sheet that is handed in next. `seen`: how many lines of how much whoever signs has before him.
 */
export const actOnMonth = async (
  work: Work,
  around: Around,
  month: string,
  verb: MonthVerb,
  { seen, reason = '' }: { seen: { lines: number; totalFen: number }; reason?: string },
  doer: Someone & { roles: readonly Role[] },
): Promise<void> => {
  const { tx, at, actor } = work
  const row = await rowOf(tx, month)
  const step = steps[verb]
  if (stateOf(row) !== step.from) throw new Refusal('not-in-this-state', 'state', { state: stateOf(row) })
  const why = blocked(verb, row, doer)
  if (why) throw new Refusal(why)
  if (month > around.directory.calendar.dateOf(at).slice(0, 7)) throw new Refusal('too-early', 'month')
  if (verb === 'hand') await mayBeHandedIn(tx, around, month, at)
  if (verb === 'send-back') await maySendBack(tx, month, reason)
  const lines = await linesOf(around, tx, month, row)
  if (lines.length !== seen.lines || total(lines) !== seen.totalFen)
    throw new Refusal('changed-meanwhile', 'month', { lines: lines.length, totalFen: total(lines) })
  const sign = { at, by: actor.display, id: accountIdOf(actor) }
  const none = { at: null, by: null, id: null }
  const signs = {
    check: columns('checked', sign),
    back: columns('checked', none),
    hand: columns('handed', sign),
    'send-back': { ...columns('checked', none), ...columns('handed', none) },
    audit: columns('audited', sign),
    lock: columns('locked', sign),
  }
  // Nothing goes to Finance that nobody has checked.
  const digest = digestOf(lines)
  if (verb === 'hand' && digest !== row?.checked_digest) throw new Refusal('changed-since-checked', 'month')
  const checked = verb === 'check' ? { checked_digest: digest } : {}
  // What it billed it bills no longer and is open again, as it stands now.
  const round = (row?.round ?? 0) + (verb === 'send-back' ? 1 : 0)
  const change = { state: step.to, round, ...checked, ...signs[verb] }
  if (row) await tx.updateTable('month_sheet').set(change).where('month', '=', month).execute()
  else
    await tx
      .insertInto('month_sheet')
      .values({ ...unsigned, month, ...change })
      .execute()
  if (verb === 'hand') {
    const frozen = lines.map((l, i) => ({
      ...{ sheet: month, round, n: i + 1, charge: l.charge, fen: l.fen, kind: l.kind },
      line_json: JSON.stringify(l),
    }))
    for (const part of inParts(frozen)) await tx.insertInto('sheet_line').values(part).execute()
  }
  await writeHistory(work, {
    record: sheetRecord(month),
    verb,
    from: step.from,
    to: step.to,
    note: reason,
    detail: { ...seen },
  })
  if (verb === 'send-back') {
    const text = say.charges.sentBack(month, reason)
    await tell(work, { to: ['supervisor', 'front-desk'], record: sheetRecord(month), kind: 'sent-back', text })
  }
  await audit(tx, at, actor, 'month-sheet', month, { verb, ...seen })
  work.touched.charges = true
  work.touched.duties = true
}

/** Not before its last working day (R38: 每月月底前), nor before the month that it follows. */
const mayBeHandedIn = async (db: BooksReader, around: Around, month: string, at: number) => {
  const { calendar } = around.rules
  const last = calendar.local.plusDays(`${calendar.monthAfter(`${month}-01`)}-01`, -1)
  if (calendar.local.dateOf(at) < calendar.shifted(last, 'before')) throw new Refusal('too-early', 'month')
  const before = calendar.local.plusDays(`${month}-01`, -1).slice(0, 7)
  const open = isFrozen(stateOf(await rowOf(db, before))) ? [] : await openOf(around, db, before)
  if (open.some(l => l.month === before)) throw new Refusal('month-before-open', 'month', { month: before })
}

/** Only the newest that Finance has, with its reason: what a later sheet carries forward stands on this one. */
const maySendBack = async (db: BooksReader, month: string, reason: string) => {
  if (reason === '') throw new Refusal('said-nothing', 'reason')
  const later = await db.selectFrom('month_sheet').select(['month', 'state']).where('month', '>', month).execute()
  const frozen = later.find(m => isFrozen(m.state as MonthState))
  if (frozen) throw new Refusal('later-month-handed', 'month', { month: frozen.month })
}

type Sign = { at: number | null; by: string | null; id: string | null }
const columns = <K extends string>(k: K, s: Sign) =>
  ({ [`${k}_at`]: s.at, [`${k}_by`]: s.by, [`${k}_by_id`]: s.id }) as Record<`${K}_at`, number | null> &
    Record<`${K}_by` | `${K}_by_id`, string | null>
const digestOf = (lines: readonly MonthLine[]) =>
  createHash('sha256')
    .update(JSON.stringify(lines.map(l => [l.charge, l.tenant, l.fen, l.kind])))
    .digest('hex')

const unsigned = {
  checked_digest: null,
  ...columns('checked', { at: null, by: null, id: null }),
  ...columns('handed', { at: null, by: null, id: null }),
  ...columns('audited', { at: null, by: null, id: null }),
  ...columns('locked', { at: null, by: null, id: null }),
}

/** Whether a month is with Finance. */
export const isHandedIn = async (db: BooksReader, month: string): Promise<boolean> => isFrozen(stateOf(await rowOf(db, month)))
