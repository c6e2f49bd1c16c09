import type { Request, Response } from 'express'
import { Refusal } from '#api/errors'
import { say, textIn } from '#api/words/text'
import type { Route } from '#program/httpApi'
import { dropAddress, madeAt, makeAddress, ownerOf } from '../auth/agendaAddress.ts'
import { type Asker, type Desk, deskRoute, routeOf } from '../desk/desk.ts'
import { agendaFile } from '../export/agendaFile.ts'

const dayMs = 86_400_000
/** So far back and ahead: rosters are made month by month, bookings five weeks ahead. */
const backMs = 31 * dayMs
const aheadMs = 62 * dayMs

/** The address of one's own agenda. */
export const agendaRoutes = (desk: Desk): Route<Asker>[] => [
  deskRoute('GET /me/agenda', async ({ who }) => ({ madeAt: await madeAt(desk.books.read, who.user.id) })),
  deskRoute('POST /me/agenda', async ({ who }) => ({
    path: `/api/agenda/${await desk.unit(who.actor, makeAddress)}/zhiban.ics`,
  })),
  deskRoute('POST /me/agenda/off', ({ who }) => desk.unit(who.actor, dropAddress)),
]

/** What a calendar program reads there, signed in nowhere. */
export const agendaFeed = (desk: Desk): Route<undefined>[] => [
  routeOf(
    'GET /agenda/:token/zhiban.ics',
    async ({ params, response }: { params: { token: string }; request: Request; response: Response }) => {
      const person = await ownerOf(desk.books.read, params.token)
      if (!person) throw new Refusal('unknown-link', 'token')
      const { directory, rules, engine } = desk
      const at = desk.wall()
      const items = await engine.manual.agenda({
        db: desk.books.read,
        directory,
        rules,
        person,
        from: at - backMs,
        to: at + aheadMs,
      })
      const { site } = directory
      response.type('text/calendar').send(
        agendaFile({
          site: site.site,
          name: textIn('zh', say.agenda.name(site.name)),
          at,
          items,
          word: said => textIn('zh', said),
        }),
      )
    },
  ),
]
