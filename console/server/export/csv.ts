import { safeText } from './safeText.ts'

export type Cell = string | number | null

const cell = (value: Cell): string => {
  const text = typeof value === 'string' ? safeText(value) : String(value ?? '')
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, with the mark by which Excel knows UTF-8. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${rows.map(r => r.map(cell).join(',')).join('\r\n')}\r\n`
