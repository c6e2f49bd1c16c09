/** A text that a spreadsheet would take for a formula gets a leading apostrophe: names come from outside (CWE-1236). */
export const safeText = (text: string): string => (/^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text)
