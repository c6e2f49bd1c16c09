import writeExcel, { type SheetData } from 'write-excel-file/node'
import type { ChargeLine } from '#api/models/money'
import { safeText } from '../../server/export/safeText.ts'
import { dateCell } from '../../server/export/xlsx.ts'

type Row = { tenant: string; lines: (ChargeLine & { zoneName: string; date: string; hours: string; noteText: string })[] }

const money = '¥#,##0.00'
const cell = (value: string, bold = false) => ({
  value: safeText(value),
  type: String,
  ...(bold ? { fontWeight: 'bold' as const } : {}),
})
const amount = (fen: number, bold = false) => ({
  value: fen / 100,
  type: Number,
  format: money,
  ...(bold ? { fontWeight: 'bold' as const } : {}),
})

/** 《服务项目汇总表》 (R38, T50): by tenant, each line with its evidence number, subtotals and total, for Finance. */
export const monthSheet = async (
  title: string,
  siteName: string,
  month: string,
  headings: readonly string[],
  words: { subtotal: string; total: string },
  rows: readonly Row[],
): Promise<Buffer> => {
  const data: SheetData = [
    [
      {
        value: `${safeText(siteName)} ${title} ${month}`,
        type: String,
        fontWeight: 'bold',
        fontSize: 14,
        columnSpan: headings.length,
      },
    ],
    headings.map(h => ({ value: h, type: String, fontWeight: 'bold' as const, bottomBorderStyle: 'thin' as const })),
  ]
  let total = 0
  for (const row of rows) {
    let sum = 0
    for (const l of row.lines) {
      sum += l.fen
      data.push([
        cell(row.tenant),
        cell(l.number),
        cell(l.zoneName),
        dateCell({ date: l.date }),
        cell(l.hours),
        { value: l.confirmedMinutes, type: Number },
        { value: l.billableMinutes, type: Number },
        amount(l.pricePerHourFen),
        amount(l.fen),
        cell(l.noteText),
      ])
    }
    total += sum
    data.push([cell(`${row.tenant} ${words.subtotal}`, true), null, null, null, null, null, null, null, amount(sum, true), null])
  }
  data.push([cell(words.total, true), null, null, null, null, null, null, null, amount(total, true), null])
  const widths = [28, 20, 12, 12, 16, 10, 10, 12, 14, 26]
  return writeExcel(data, {
    sheet: month,
    orientation: 'landscape',
    stickyRowsCount: 2,
    columns: widths.map(width => ({ width })),
  }).toBuffer()
}
