import type { ReportTable } from '#api/models/duties'
import { say, type Text } from '#api/words/text'

/** A stretch of time, [from, to), ms. */
export type Stretch = { from: number; to: number }
export type Figures = Record<string, number>
/** The ids of the cases that a figure counts. */
export type Behind = Record<string, string[]>
export type Count = { figures: Figures; behind: Behind }

/** Figures that are so many cases each. */
export const counted = (groups: Record<string, readonly { id: string }[]>, more: Figures = {}): Count => {
  const behind = Object.fromEntries(Object.entries(groups).map(([key, list]) => [key, list.map(c => c.id)]))
  return { figures: { ...Object.fromEntries(Object.entries(behind).map(([key, ids]) => [key, ids.length])), ...more }, behind }
}
/** Figures that are not of cases. */
export const plain = (figures: Figures): Count => ({ figures, behind: {} })

type Row = ReportTable['rows'][number]
export const columns = (...keys: (keyof typeof import('#api/words/zh').zh.report.columns)[]) =>
  keys.map(k => say.report.columns[k])
/** A table, unless it has no rows. */
export const table = (title: Text, heads: Text[], rows: Row[]): ReportTable[] =>
  rows.length === 0 ? [] : [{ title, columns: heads, rows }]

/** Tables without the lines of cases that are kept from somebody; what was counted stays counted. */
export const withoutCases = (tables: readonly ReportTable[], kept: readonly { number: string }[]): ReportTable[] => {
  const numbers = new Set(kept.map(k => k.number))
  const speaks = (cell: Row[number]) => typeof cell === 'string' && cell.split(/[\s、]+/).some(w => numbers.has(w))
  return tables.map(t => ({ ...t, rows: t.rows.filter(r => !r.some(speaks)) }))
}
