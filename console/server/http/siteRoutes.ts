import { Refusal } from '#api/errors'
import { hasRole, mayDo } from '#api/rights'
import { detectorsOf, keysByRole } from '#contract/pointRoles'
import { isSimulatedDevice } from '#contract/site'
import type { Route } from '#program/httpApi'
import { lastCommands } from '../agents/link/commandList.ts'
import { accountsIn, postName, writtenName } from '../books/persons.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { movingIn } from '../desk/movingIn.ts'
import { phoneRings } from '../site/settings.ts'
import { liesBeside, sendBeside } from './besideSite.ts'

/** The building as screens need it, its devices, and commands to their points. */
export const siteRoutes = (desk: Desk): Route<Asker>[] => {
  const { site } = desk.directory
  const { profiles } = desk
  const roles = new Map([...profiles].map(([id, profile]) => [id, Object.fromEntries(keysByRole(profile))]))
  const detectors = (c: (typeof site.compartments)[number]) => {
    const profile = profiles.get(site.devices.find(d => d.id === c.panel)?.profile ?? '')
    return profile ? detectorsOf(profile, c.witnesses) : c.witnesses.map(fire => ({ fire }))
  }
  const compartments = site.compartments.map(c => ({
    id: c.id,
    name: c.name,
    zones: c.zones,
    panel: c.panel,
    detectors: detectors(c),
  }))
  return [
    deskRoute('GET /site', async ({ who }) => {
      const priced = mayDo(who.user.roles, 'see-overtime')
      const zones = await Promise.all(
        site.zones.map(async z => ({
          id: z.id,
          name: z.name,
          floor: z.floor,
          side: z.side,
          controller: z.controller,
          tenant: (await desk.directory.tenantOfPlace(desk.books.read, z.id, desk.wall()))?.id ?? null,
          unit: desk.directory.unitOfPlace(z.id) ?? null,
          pricePerHourFen: priced
            ? ((await desk.directory.tariffOf(desk.books.read, z.id, desk.wall()))?.fenPerHour ?? null)
            : null,
        })),
      )
      return {
        server: desk.server,
        id: site.site,
        name: site.name,
        demo: site.demo,
        timeZone: site.timeZone,
        alwaysOn: site.alwaysOn,
        phoneRings: desk.rules.number(phoneRings),
        channels: site.channels.map(({ id, name }) => ({ id, name })),
        floors: site.floors.map(({ id, name, order, plan }) => ({ id, name, order, plan: plan !== undefined })),
        zones,
        things: desk.directory.things.filter(t =>
          desk.engine.manual.things.some(k => k.id === t.kind && hasRole(who.user.roles, k.sees)),
        ),
        units: desk.directory.units.map(({ id, name, zones: own }) => ({ id, name, zones: [...own] })),
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
          simulated: !site.demo && isSimulatedDevice(site, d),
          runs: profiles.get(d.profile)?.runs ?? null,
          roles: roles.get(d.profile) ?? {},
        })),
        buses: site.buses.map(b => ({ id: b.id, name: b.name })),
        compartments,
        plans: site.plans.map(p => ({
          ...{ kind: p.kind, name: p.name, source: p.source, contacts: p.contacts },
          document: liesBeside(desk, p.document),
        })),
      }
    }),
    deskRoute('GET /plans/:kind/document', async ({ params, response }) => {
      const document = site.plans.find(p => p.kind === params.kind)?.document
      if (!liesBeside(desk, document)) throw new Refusal('no-document', 'kind')
      await sendBeside(desk, response, document)
    }),
    deskRoute('GET /moving-in', () => movingIn(desk)),
    deskRoute('GET /people', async () => {
      const rows = await accountsIn(desk.books.read).where('user_account.active', '=', 1).orderBy('display').execute()
      return rows.map(r => ({ display: writtenName(r), post: postName(r) }))
    }),
    deskRoute('GET /devices/:device/catalogue', ({ params }) => {
      const found = desk.mirror.catalogues.get(params.device)
      if (!found) throw new Refusal(desk.mirror.agentOf(params.device) ? 'not-heard-yet' : 'unknown-device', 'device')
      return { device: found.device, profile: found.profile, evidence: found.evidence, points: found.points }
    }),
    deskRoute('GET /commands', ({ query }) => lastCommands(desk.books.read, query.device, query.limit)),
    deskRoute('POST /commands', async ({ body, who }) => ({
      id: await desk.commands.send(who.user, who.actor, body.act, body.reason),
    })),
  ]
}
