import { textIn } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { sendXlsx } from '../export/sendSheet.ts'
import { plainXlsx } from '../export/xlsx.ts'
import { type ImportKind, openImports } from '../master/imports.ts'

/** Lists that go out as a table and come in as one. */
export const importRoutes = (desk: Desk): Route<Asker>[] => {
  const imports = openImports(desk)
  const tableOf = async (kind: ImportKind, language: string, what: 'lines' | 'template') => {
    const sheet = await imports.sheetOf(kind, language)
    const { columns } = sheet.kind
    const lines = sheet[what]
    return plainXlsx([columns.map(c => textIn(language, c.name)), ...lines.map(l => columns.map(c => l[c.key] ?? ''))])
  }
  const routesOf = (kind: ImportKind): Route<Asker>[] => [
    deskRoute(`GET /tables/${kind}.xlsx`, async ({ query, response }) =>
      sendXlsx(response, kind, await tableOf(kind, query.language, 'lines')),
    ),
    deskRoute(`GET /tables/${kind}-template.xlsx`, async ({ query, response }) =>
      sendXlsx(response, `${kind}-template`, await tableOf(kind, query.language, 'template')),
    ),
    deskRoute(`POST /tables/${kind}`, async ({ query, body, who }) => {
      const answer = await imports.take(who.actor, { kind, bytes: body, ...query, digest: query.digest })
      // People may have got another post, and with it other rights; days decide deadlines.
      if (answer.stored) await Promise.all([desk.rightsChanged(), desk.rules.reload(desk.books.read)])
      return answer
    }),
  ]
  return [...routesOf('people'), ...routesOf('tenants'), ...routesOf('days')]
}
