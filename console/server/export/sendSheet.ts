import type { Response } from 'express'
import { csvOf } from './csv.ts'
import { type SheetTable, xlsxOf } from './xlsx.ts'

const excel = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const sendXlsx = (response: Response, name: string, file: Buffer) => {
  response.setHeader('content-disposition', `attachment; filename="${name}.xlsx"`).type(excel).send(file)
}

/** The same table as the one or the other kind of file. */
export const sendSheet = async (response: Response, kind: 'csv' | 'xlsx', name: string, table: SheetTable): Promise<void> => {
  if (kind === 'xlsx') return sendXlsx(response, name, await xlsxOf([table]))
  response
    .setHeader('content-disposition', `attachment; filename="${name}.csv"`)
    .type('text/csv; charset=utf-8')
    .send(csvOf([table.columns, ...table.rows]))
}
