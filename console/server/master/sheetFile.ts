import { parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/node'
import { Refusal } from '#api/errors'
import { mostSheetRows } from '#api/models/imports'

/** The lines of a table as texts, the names of the columns among them; a day as `2026-11-29`. */
export type Grid = string[][]

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  // A sheet knows no time zone: its days come as if they were UTC.
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return String(value).trim()
}

/** Excel saves CSV in the code page of its machine, in China GB18030, where it is not told otherwise. */
const decoded = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b

/** Unpacked, a table of our size stays far below this; a file that claims more is made to fill the memory. */
const mostUnpacked = 200_000_000
/**
 * The sum of the sizes that a ZIP's own directory gives its parts; infinite where it has none that can be followed. APPNOTE.TXT 4.3.16
 * (end of the directory: count at 10, place at 16) and 4.3.12 (an entry: size at 24, lengths of what follows it at 28, 30 and 32).
 */
const unpackedSize = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const is = (at: number, signature: number) => at >= 0 && at + 4 <= bytes.length && view.getUint32(at, true) === signature
  let end = bytes.length - 22
  while (end >= 0 && end > bytes.length - 66_000 && !is(end, 0x06054b50)) end--
  if (!is(end, 0x06054b50)) return Number.POSITIVE_INFINITY
  let at = view.getUint32(end + 16, true)
  let sum = 0
  for (let n = view.getUint16(end + 10, true); n > 0; n--) {
    if (!is(at, 0x02014b50) || at + 46 > bytes.length) return Number.POSITIVE_INFINITY
    sum += view.getUint32(at + 24, true)
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return sum
}

/** Reads an Excel file's first sheet, or CSV. Throws `not-a-sheet` where it is neither, `too-large` where it has too many lines. */
export const readGrid = async (bytes: Uint8Array): Promise<Grid> => {
  const unpacked = isZip(bytes) ? unpackedSize(bytes) : 0
  if (unpacked === Number.POSITIVE_INFINITY) throw new Refusal('not-a-sheet', 'file')
  if (unpacked > mostUnpacked) throw new Refusal('too-large', 'file')
  let rows: unknown[][]
  try {
    rows = isZip(bytes)
      ? await readSheet(Buffer.from(bytes))
      : parse(decoded(bytes), { bom: true, delimiter: [',', ';', '\t'], relaxColumnCount: true, skipEmptyLines: false })
  } catch {
    throw new Refusal('not-a-sheet', 'file')
  }
  const grid = rows.map(r => r.map(textOf))
  if (grid.length > mostSheetRows) throw new Refusal('too-large', 'file')
  if (grid.length === 0) throw new Refusal('not-a-sheet', 'file')
  return grid
}
