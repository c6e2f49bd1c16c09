import { dictionaryOf } from '#api/words/languages'
import { textIn } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { dutyViews } from '../desk/dutyViews.ts'
import { myDay } from '../desk/myDay.ts'
import { sendXlsx } from '../export/sendSheet.ts'
import { xlsxOf } from '../export/xlsx.ts'

/** What the calendar owes, and what is in hand. */
export const dutyRoutes = (desk: Desk): Route<Asker>[] => {
  const { full, between } = dutyViews(desk)
  const day = myDay(desk)
  return [
    deskRoute('GET /my-day', ({ who }) => day(who.user)),
    deskRoute('GET /duties', ({ query, who }) => between(query.from, query.to, who.user)),
    deskRoute('GET /duties/:id', ({ params, who }) => full(params.id, who.user)),
    deskRoute('GET /duties/:id/report.xlsx', async ({ params, query: { language }, who, response }) => {
      const duty = await full(params.id, who.user)
      const t = dictionaryOf(language).messages
      const totals = {
        title: `${textIn(language, duty.name)} ${duty.period}`,
        columns: [t.report.what, t.report.number],
        rows: Object.entries(duty.figures ?? {}).map(([key, n]) => [t.day.figure[key] ?? key, n]),
      }
      const tables = duty.tables.map(x => ({
        title: textIn(language, x.title),
        columns: x.columns.map(c => textIn(language, c)),
        rows: x.rows.map(r => r.map(c => (typeof c === 'number' ? c : textIn(language, c)))),
      }))
      sendXlsx(response, `${duty.routine}-${duty.period}`, await xlsxOf([totals, ...tables]))
    }),
    deskRoute('POST /duties/:id/done', ({ params, body, who }) =>
      desk.unit(who.actor, work => desk.duties.done(work, params.id, body.note, who.user)),
    ),
  ]
}
