import { safeText } from './safeText.ts'

/** A day or a moment of the site as a sheet shows it: `2026-11-21` or `2026-11-21 19:04`. */
export type SheetDate = { date: string }
export type Cell = string | number | SheetDate | null

const cell = (value: Cell): string => {
  const text = typeof value === 'string' ? safeText(value) : typeof value === 'object' ? (value?.date ?? '') : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, with the mark by which Excel knows UTF-8. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${rows.map(r => r.map(cell).join(',')).join('\r\n')}\r\n`
