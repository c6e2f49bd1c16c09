import type { ImportKind } from '#api/models/imports'
import { textIn } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { sendXlsx } from '../export/sendSheet.ts'
import { plainXlsx } from '../export/xlsx.ts'
import { openImport } from '../master/imports.ts'
import type { OpenSheet, Sheet } from '../master/sheet.ts'
import { type Asker, type Desk, deskRoute } from './desk.ts'

/** A table as it goes out: its lines, or none but an example. */
export const xlsxOf = ({ kind: { columns }, ...sheet }: Sheet, what: 'lines' | 'template', language: string) =>
  plainXlsx([columns.map(c => textIn(language, c.name)), ...sheet[what].map(line => columns.map(c => line[c.key] ?? ''))])

/** A list that goes out as a table, also empty with an example, and comes in as one. */
export const tableRoutes = (desk: Desk, kind: ImportKind, open: OpenSheet): Route<Asker>[] => {
  const sheets = openImport(desk, kind, open)
  const tableOf = async (language: string, what: 'lines' | 'template') => xlsxOf(await sheets.sheetOf(language), what, language)
  return [
    deskRoute(`GET /tables/${kind}.xlsx`, async ({ query, response }) =>
      sendXlsx(response, kind, await tableOf(query.language, 'lines')),
    ),
    deskRoute(`GET /tables/${kind}-template.xlsx`, async ({ query, response }) =>
      sendXlsx(response, `${kind}-template`, await tableOf(query.language, 'template')),
    ),
    deskRoute(`POST /tables/${kind}`, async ({ query, body, who }) => {
      const answer = await sheets.take(who.actor, { bytes: body, ...query, digest: query.digest })
      // People may have got another post, and with it other rights; days decide deadlines.
      if (answer.stored) await Promise.all([desk.rightsChanged(), desk.rules.reload(desk.books.read)])
      return answer
    }),
  ]
}
