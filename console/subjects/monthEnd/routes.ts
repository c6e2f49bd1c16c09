import { dictionaryOf } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { correctCharge } from '../../server/engine/serviceCharges.ts'
import { sendXlsx } from '../../server/export/sendSheet.ts'
import { tenantsIn } from '../../server/site/tenants.ts'
import { monthSheet } from './monthSheet.ts'
import { actOnMonth, monthOf } from './months.ts'

/** The month as Finance gets it. */
export const monthRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const { around } = desk.engine
  return [
    deskRoute('GET /months/:month', ({ params, who }) => monthOf(around, db, params.month, who.user)),
    deskRoute('POST /months/:month/acts/:verb', async ({ params, body, who }) => {
      await desk.unit(who.actor, work => actOnMonth(work, around, params.month, params.verb, body, who.user))
      return monthOf(around, db, params.month, who.user)
    }),
    deskRoute('POST /months/:month/lines/:charge/corrections', async ({ params, body, who }) => {
      await desk.unit(who.actor, work => correctCharge(work, params.charge, body, who.user))
      return monthOf(around, db, params.month, who.user)
    }),
    deskRoute('GET /months/:month/sheet.xlsx', async ({ params, query, who, response }) => {
      const { language } = query
      const t = dictionaryOf(language).messages
      const { lines, state } = await monthOf(around, db, params.month, who.user)
      const names = new Map((await tenantsIn(db)).map(t => [t.id, t.name]))
      const clock = desk.directory.calendar.clockOf
      const rows = lines.map(l => ({
        ...l,
        tenantName: (l.tenant && (names.get(l.tenant) ?? l.tenant)) || t.charges.noTenant,
        itemText: textIn(language, l.item),
        placeName: textIn(language, desk.directory.placeName(l.place)),
        date: desk.directory.calendar.dateOf(l.at),
        hours: l.to === null ? '' : `${clock(l.at)}–${clock(l.to)}`,
        noteText: [l.kind === 'own' ? '' : t.charges.kinds[l.kind], l.note === null ? '' : textIn(language, l.note)]
          .filter(Boolean)
          .join(' '),
      }))
      const title = `${textIn(language, desk.directory.site.name)} ${t.charges.sheet} ${params.month} ${t.charges.states[state]}`
      sendXlsx(
        response,
        `month-sheet-${params.month}`,
        await monthSheet(title, params.month, t.charges.columns, t.charges, rows, language === 'zh'),
      )
    }),
  ]
}
