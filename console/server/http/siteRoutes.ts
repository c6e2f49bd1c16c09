import { z } from 'zod'
import { Refusal } from '#api/errors'
import { commandView } from '#api/models/live'
import { person, user } from '#api/models/people'
import { deviceCatalogue, siteView } from '#api/models/site'
import { mayDo } from '#api/rights'
import { command } from '#contract/messages'
import type { Route } from '#program/httpApi'
import { commandOf } from '../agents/alarms/rows.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { phoneRings } from '../site/settings.ts'

/** The building as screens need it, its devices, and commands to their points. */
export const siteRoutes = (desk: Desk): Route<Asker>[] => {
  const { site } = desk.directory
  const { profiles } = desk
  return [
    deskRoute({ method: 'get', path: '/me', summary: 'Who is signed in', answer: user, handle: ({ who }) => who.user }),
    deskRoute({
      method: 'get',
      path: '/site',
      summary: 'Floors, zones, devices, compartments; tenants and prices of today',
      right: 'see-live',
      answer: siteView,
      async handle({ who }) {
        const priced = mayDo(who.user.roles, 'see-overtime')
        const zones = await Promise.all(
          site.zones.map(async z => ({
            id: z.id,
            name: z.name,
            floor: z.floor,
            side: z.side,
            controller: z.controller,
            tenant: (await desk.directory.tenantOfPlace(desk.books.read, z.id))?.id ?? null,
            unit: desk.directory.unitOfPlace(z.id) ?? null,
            pricePerHourFen: priced
              ? ((await desk.directory.tariffOf(desk.books.read, z.id, desk.wall()))?.fenPerHour ?? null)
              : null,
          })),
        )
        return {
          id: site.site,
          name: site.name,
          demo: site.demo,
          timeZone: site.timeZone,
          alwaysOn: site.alwaysOn,
          phoneRings: desk.rules.number(phoneRings),
          floors: site.floors,
          zones,
          devices: site.devices.map(d => ({
            id: d.id,
            name: d.name,
            profile: d.profile,
            bus: d.bus,
            unit: d.unit ?? null,
            prefix: d.prefix ?? null,
            agent: desk.mirror.agentOf(d.id) ?? '',
            place: d.place ?? null,
            feeds: d.feeds,
            runs: profiles.get(d.profile)?.runs ?? null,
          })),
          buses: site.buses.map(b => ({ id: b.id, name: b.name })),
          compartments: site.compartments.map(c => ({
            id: c.id,
            name: c.name,
            zones: c.zones,
            panel: c.panel,
            witnesses: c.witnesses,
          })),
          plans: site.plans.map(p => ({ kind: p.kind, name: p.name, source: p.source, contacts: p.contacts })),
        }
      },
    }),
    deskRoute({
      method: 'get',
      path: '/people',
      summary: 'The people of this site by name and post',
      answer: z.array(person),
      async handle() {
        const rows = await desk.books.read
          .selectFrom('user_account')
          .leftJoin('post', 'post.id', 'user_account.post')
          .select(['user_account.name', 'user_account.display', 'user_account.post', 'post.name_zh', 'post.name_en'])
          .where('user_account.active', '=', 1)
          .orderBy('user_account.display')
          .execute()
        // Where two have one name, each is written with his user name.
        const twice = (display: string) => rows.filter(r => r.display === display).length > 1
        const written = (r: { display: string; name: string }) => (twice(r.display) ? `${r.display} (${r.name})` : r.display)
        return rows.map(r => ({ display: written(r), post: { zh: r.name_zh ?? r.post, en: r.name_en ?? r.post } }))
      },
    }),
    deskRoute({
      method: 'get',
      path: '/devices/:device/catalogue',
      summary: 'The points of a device with names, units and registers',
      right: 'see-live',
      params: z.object({ device: z.string().max(40) }),
      answer: deviceCatalogue,
      handle({ params }) {
        const found = desk.mirror.catalogues.get(params.device)
        if (!found) throw new Refusal(desk.mirror.agentOf(params.device) ? 'not-heard-yet' : 'unknown-device', 'device')
        return { device: found.device, profile: found.profile, evidence: found.evidence, points: found.points }
      },
    }),
    deskRoute({
      method: 'get',
      path: '/commands',
      summary: 'The latest commands, of one device or of all',
      right: 'see-commands',
      query: z.object({ device: z.string().max(40).optional(), limit: z.coerce.number().int().min(1).max(200).default(30) }),
      answer: z.array(commandView),
      async handle({ query }) {
        let q = desk.books.read.selectFrom('command').selectAll()
        if (query.device) q = q.where('point', 'like', `${query.device.replaceAll(/[%_]/g, '')}/%`)
        return (await q.orderBy('at', 'desc').limit(query.limit).execute()).map(commandOf)
      },
    }),
    deskRoute({
      method: 'post',
      path: '/commands',
      summary: 'Holds a point until a time or lets it go; starts, tests or releases the fire actions of a compartment',
      body: z.strictObject({ act: command.shape.act, reason: z.string().trim().max(200).default('') }),
      answer: z.object({ id: z.string() }),
      handle: async ({ body, who }) => ({ id: await desk.commands.send(who.user, who.actor, body.act, body.reason) }),
    }),
    deskRoute({
      method: 'get',
      path: '/audit',
      summary: 'Who changed what, newest first',
      right: 'see-audit',
      query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
      answer: z.array(
        z.object({
          at: z.number(),
          user: z.string().nullable(),
          station: z.string(),
          what: z.string(),
          subject: z.string(),
          detail: z.unknown(),
        }),
      ),
      async handle({ query, who }) {
        const db = desk.books.read
        const kept = desk.engine.keptFrom(db, who.user)
        const rows = await db
          .selectFrom('audit')
          .selectAll()
          // A line names a case by its id or its number; what is about somebody has no line for him.
          .where('subject', 'not in', kept)
          .where('subject', 'not in', db.selectFrom('case_file').select('number').where('case_file.id', 'in', kept))
          .orderBy('id', 'desc')
          .limit(query.limit)
          .execute()
        return rows.map(r => ({
          at: r.at,
          user: r.user_id,
          station: r.station,
          what: r.what,
          subject: r.subject,
          detail: JSON.parse(r.detail_json) as unknown,
        }))
      },
    }),
  ]
}
