import type { Response } from 'express'
import writeExcel, { type SheetData } from 'write-excel-file/node'
import type { Cell } from './csv.ts'
import { safeText } from './safeText.ts'

const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** One table of a sheet: its heading, its columns, its rows. */
export type SheetTable = { title: string; columns: readonly string[]; rows: readonly (readonly Cell[])[] }

const text = (value: string, bold = false) => ({
  value: safeText(value),
  type: String,
  ...(bold ? { fontWeight: 'bold' as const } : {}),
})

/** Tables one below the other on one sheet; no text of them can be a formula. */
export const xlsxOf = (tables: readonly SheetTable[]): Promise<Buffer> => {
  const data: SheetData = tables.flatMap(t => [
    [text(t.title, true)],
    t.columns.map(c => text(c, true)),
    ...t.rows.map(r => r.map(c => (typeof c === 'number' ? { value: c, type: Number } : text(c ?? '')))),
    [],
  ])
  const widest = Math.max(1, ...tables.map(t => t.columns.length))
  return writeExcel(data, { columns: Array.from({ length: widest }, () => ({ width: 20 })) }).toBuffer()
}

export const sendXlsx = (response: Response, name: string, file: Buffer) =>
  response.setHeader('content-disposition', `attachment; filename="${name}.xlsx"`).type(kind).send(file)
