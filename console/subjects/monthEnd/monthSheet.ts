import writeExcel, { type SheetData } from 'write-excel-file/node'
import type { MonthLine } from '#api/models/months'
import { capitalYuan } from '#api/money'
import { safeText } from '../../server/export/safeText.ts'
import { dateCell } from '../../server/export/xlsx.ts'

type Row = MonthLine & Record<'tenantName' | 'itemText' | 'placeName' | 'date' | 'hours' | 'noteText', string>

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
const minutes = (value: number | undefined) => (value === undefined ? null : { value, type: Number })
/** Columns before the sum of a line. */
const before = 9
const gap = (n: number) => Array.from({ length: n }, () => null)

/** 《服务项目汇总表》 (R38, T50): by tenant, each line with its evidence number, subtotals and total, also in capitals, for Finance. */
export const monthSheet = async (
  title: string,
  month: string,
  headings: readonly string[],
  words: { subtotal: string; total: string; capitals: string },
  rows: readonly Row[],
  inCapitals: boolean,
): Promise<Buffer> => {
  const data: SheetData = [
    [{ value: safeText(title), type: String, fontWeight: 'bold', fontSize: 14, columnSpan: headings.length }],
    headings.map(h => ({ value: h, type: String, fontWeight: 'bold' as const, bottomBorderStyle: 'thin' as const })),
  ]
  let total = 0
  for (const tenant of new Set(rows.map(r => r.tenantName))) {
    let sum = 0
    for (const l of rows.filter(r => r.tenantName === tenant)) {
      sum += l.fen
      data.push([
        cell(tenant),
        cell(l.number),
        cell(l.itemText),
        cell(l.placeName),
        dateCell({ date: l.date }),
        cell(l.hours),
        minutes(l.measured?.confirmedMinutes),
        minutes(l.measured?.billableMinutes),
        l.measured ? amount(l.measured.pricePerHourFen) : null,
        amount(l.fen),
        cell(l.noteText),
      ])
    }
    total += sum
    data.push([cell(`${tenant} ${words.subtotal}`, true), ...gap(before - 1), amount(sum, true), null])
  }
  data.push([cell(words.total, true), ...gap(before - 1), amount(total, true), null])
  // Chinese alone writes a sum in capitals.
  if (inCapitals) data.push([cell(`${words.capitals} ${capitalYuan(total)}`, true), ...gap(before + 1)])
  const widths = [28, 20, 16, 12, 12, 16, 10, 10, 12, 14, 26]
  return writeExcel(data, {
    sheet: month,
    orientation: 'landscape',
    stickyRowsCount: 2,
    columns: widths.map(width => ({ width })),
  }).toBuffer()
}
