import writeExcel, { type SheetData } from 'write-excel-file/node'
import type { Cell, SheetDate } from './csv.ts'
import { safeText } from './safeText.ts'

/** One table of a sheet: its heading, its columns, its rows. */
export type SheetTable = { title: string; columns: readonly string[]; rows: readonly (readonly Cell[])[] }

const text = (value: string, bold = false) => ({
  value: safeText(value),
  type: String,
  ...(bold ? { fontWeight: 'bold' as const } : {}),
})

/** A sheet knows no time zone: what the site's clock showed is put down as if it were UTC. */
export const dateCell = ({ date }: SheetDate) => {
  const [day = '', time] = date.split(' ')
  const value = new Date(`${day}T${time ?? '00:00'}:00Z`)
  if (Number.isNaN(value.getTime())) return text(date)
  return { value, type: Date, format: time === undefined ? 'yyyy-mm-dd' : 'yyyy-mm-dd hh:mm' }
}

const cell = (c: Cell) => {
  if (typeof c === 'number') return { value: c, type: Number }
  return typeof c === 'object' && c !== null ? dateCell(c) : text(c ?? '')
}

/** Tables one below the other on one sheet; no text of them can be a formula, numbers and dates are what they are. */
export const xlsxOf = (tables: readonly SheetTable[]): Promise<Buffer> => {
  const data: SheetData = tables.flatMap(t => [
    [text(t.title, true)],
    t.columns.map(c => text(c, true)),
    ...t.rows.map(r => r.map(cell)),
    [],
  ])
  const widest = Math.max(1, ...tables.map(t => t.columns.length))
  return writeExcel(data, { columns: Array.from({ length: widest }, () => ({ width: 20 })) }).toBuffer()
}

/** A table of texts to be filled in and brought back: the names of the columns, then the lines, each cell as it is. */
export const plainXlsx = ([head = [], ...lines]: readonly (readonly string[])[]): Promise<Buffer> => {
  const cellOf = (value: string) => ({ value, type: String })
  const data: SheetData = [head.map(h => ({ ...cellOf(h), fontWeight: 'bold' as const })), ...lines.map(l => l.map(cellOf))]
  return writeExcel(data, { columns: head.map(() => ({ width: 18 })), stickyRowsCount: 1 }).toBuffer()
}
