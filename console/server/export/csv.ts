/** A cell that a spreadsheet would take for a formula is put down as text (CWE-1236). */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text)

const cell = (value: string | number | null): string => {
  const text = harmless(value === null ? '' : String(value))
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, with the mark by which Excel knows UTF-8. */
export const csvOf = (rows: readonly (readonly (string | number | null)[])[]): string =>
  `\uFEFF${rows.map(r => r.map(cell).join(',')).join('\r\n')}\r\n`
