import { Refusal } from '#api/errors'
import { numbersShownTo } from '#api/masking'
import { hasRole } from '#api/rights'
import type { Route } from '#program/httpApi'
import { recordHistoryOf } from '../books/history.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { xlsxOf } from '../desk/tableRoutes.ts'
import type { ThingKind } from '../engine/things/thing.ts'
import { endThing, saveThing, thingKind, thingRecord, thingsOf } from '../engine/things/thingBook.ts'
import { openThings } from '../engine/things/thingSheet.ts'
import { sendXlsx } from '../export/sendSheet.ts'
import { openImport } from '../master/imports.ts'
import { fieldOf } from './procedureView.ts'

/** The site's own things: keys, lifts, contractors; what there are stands in the manual, which ones the desk says. */
export const thingRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { manual, around } = desk.engine
  const seen = (id: string, who: Asker): ThingKind => {
    const kind = thingKind(manual, id)
    if (!hasRole(who.user.roles, kind.sees)) throw new Refusal('not-your-role')
    return kind
  }
  const kept = (id: string, who: Asker): ThingKind => {
    const kind = seen(id, who)
    if (!hasRole(who.user.roles, kind.keeps)) throw new Refusal('not-your-role')
    return kind
  }
  const imports = new Map(manual.things.map(k => [k.id, openImport(desk, `things-${k.id}`, openThings(around, k))]))
  /** A table has every number whole: it is for whoever keeps them. */
  const sheetsOf = (id: string, who: Asker) => {
    const found = imports.get(kept(id, who).id)
    if (!found) throw new Refusal('unknown-thing', 'kind')
    return found
  }
  return [
    deskRoute('GET /tables/things-:kind-template.xlsx', async ({ params, query, who, response }) => {
      const sheet = await sheetsOf(params.kind, who).sheetOf(query.language)
      await sendXlsx(response, `${params.kind}-template`, await xlsxOf(sheet, 'template', query.language))
    }),
    deskRoute('GET /tables/things-:kind.xlsx', async ({ params, query, who, response }) => {
      const sheet = await sheetsOf(params.kind, who).sheetOf(query.language)
      await sendXlsx(response, params.kind, await xlsxOf(sheet, 'lines', query.language))
    }),
    deskRoute('POST /tables/things-:kind', ({ params, query, body, who }) =>
      sheetsOf(params.kind, who).take(who.actor, { bytes: body, ...query, digest: query.digest }),
    ),
    deskRoute('GET /things', ({ who }) =>
      manual.things
        .filter(k => hasRole(who.user.roles, k.sees))
        .map(k => ({
          ...{ id: k.id, name: k.name, source: k.source, code: k.code },
          fields: k.fields.map(fieldOf),
          mayKeep: hasRole(who.user.roles, k.keeps),
        })),
    ),
    deskRoute('GET /things/:kind', async ({ params, who }) =>
      numbersShownTo(who.user, await thingsOf(db, seen(params.kind, who))),
    ),
    deskRoute('POST /things/:kind', ({ params, body, who }) =>
      desk.unit(who.actor, work => saveThing(work, around, params.kind, { id: null, ...body }, who.user)),
    ),
    deskRoute('PUT /things/:kind/:id', ({ params, body, who }) =>
      desk.unit(who.actor, work => saveThing(work, around, params.kind, { id: params.id, ...body }, who.user)),
    ),
    deskRoute('DELETE /things/:kind/:id', async ({ params, who }) => {
      await desk.unit(who.actor, work => endThing(work, around, params.kind, params.id, who.user))
      return { id: params.id }
    }),
    deskRoute('GET /things/:kind/:id/history', async ({ params, who }) => {
      const known = (await thingsOf(db, seen(params.kind, who))).some(t => t.id === params.id)
      if (!known) throw new Refusal('unknown-thing', 'id')
      return numbersShownTo(who.user, await recordHistoryOf(db, thingRecord(params.id)))
    }),
  ]
}
