import type { User } from '#api/models/people'
import { hasRole } from '#api/rights'
import { en } from '#api/words/en'
import { zh } from '#api/words/zh'
import type { Words } from '#contract/names'
import type { Field, Procedure } from '../../procedures/definition.ts'
import { headOf } from '../cases/caseRows.ts'
import type { Desk } from '../http/context.ts'
import type { Cell } from './csv.ts'

/** So many lines go out at once; a year of a busy desk is far below. */
const exportedMost = 50_000

/** The cases of a procedure that were opened between two dates, as a table with the fields that this person sees. */
export const caseTable = async (
  desk: Pick<Desk, 'books' | 'directory' | 'engine'>,
  procedure: Procedure,
  who: User,
  q: { from: string; to: string; language: 'zh' | 'en' },
): Promise<{ columns: string[]; rows: Cell[][] }> => {
  const { calendar } = desk.directory
  const t = q.language === 'zh' ? zh : en
  const c = t.cases
  const tenants = new Map((await desk.books.read.selectFrom('tenant').select(['id', 'name']).execute()).map(x => [x.id, x.name]))
  const rows = await desk.books.read
    .selectFrom('case_file')
    .selectAll()
    .where('procedure', '=', procedure.id)
    .where('case_file.id', 'not in', desk.engine.keptFrom(desk.books.read, who))
    .where('opened_at', '>=', calendar.instantOf(q.from, 0))
    .where('opened_at', '<', calendar.instantOf(calendar.plusDays(q.to, 1), 0))
    .orderBy('opened_at')
    .limit(exportedMost)
    .execute()
  const fields = procedure.fields.filter(f => !f.sees || hasRole(who.roles, f.sees))
  const shown = (f: Field, value: unknown): Cell => {
    if (value === undefined || value === null) return ''
    if (f.kind === 'flag') return value === true ? t.rules.yes : t.rules.no
    if (typeof value === 'object') return (value as Words)[q.language]
    if (f.key.endsWith('Fen')) return Number(value) / 100
    if (typeof value === 'number' && f.kind !== 'time') return value
    if (f.kind === 'time') return calendar.momentOf(Number(value))
    if (f.kind === 'unit') return desk.directory.placeName(String(value))[q.language]
    const choice = f.choices?.find(x => x.value === value)
    return choice ? choice.label[q.language] : String(value)
  }
  return {
    columns: [c.number, c.state, c.opened, c.owner, c.handler, c.tenant, ...fields.map(f => f.label[q.language])],
    rows: rows
      .map(headOf)
      .map(h => [
        h.number,
        procedure.states[h.state]?.name[q.language] ?? h.state,
        calendar.momentOf(h.openedAt),
        h.owner,
        h.handler ?? '',
        tenants.get(h.tenant ?? '') ?? '',
        ...fields.map(f => shown(f, h.form[f.key])),
      ]),
  }
}
