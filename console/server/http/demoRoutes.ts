import type { z } from 'zod'
import { Refusal } from '#api/errors'
import type { AuditKind } from '#api/models/audit'
import { type DemoDevice, type DemoFault, demoFaults } from '#api/models/demo'
import type { Route } from '#program/httpApi'
import { audit } from '../books/audit.ts'
import type { Simulators, simDevice } from '../demo/simulators.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'

type SimFault = NonNullable<z.infer<typeof simDevice>['fault']>['kind']
const simFault = {
  silent: 'silent',
  slow: 'slow',
  wrong: 'nonsense',
  refusing: 'exception',
  frozen: 'frozen',
} as const satisfies Record<DemoFault, SimFault>

const viewOf = (d: z.infer<typeof simDevice>): DemoDevice => ({
  id: d.id,
  fault: demoFaults.find(f => simFault[f] === d.fault?.kind) ?? null,
  forced: d.pinned,
})

/** What an engineer can make a demo do; these routes exist on a site that is marked as a demo, and nowhere else. */
export const demoRoutes = (desk: Desk, simulators: Simulators): Route<Asker>[] => {
  const { site } = desk.directory
  const { profiles } = desk
  /** Nobody asks afterwards in vain why a device was silent. */
  const noted = (who: Asker, what: Extract<AuditKind, `demo-${string}`>, subject: string, detail: Record<string, unknown> = {}) =>
    desk.unit(who.actor, work => audit(work.tx, work.at, work.actor, what, subject, detail))
  return [
    deskRoute('PUT /demo/pace', async ({ body, who }) => {
      const { change } = desk.clock
      if (!change) throw new Refusal('pace-fixed')
      await desk.unit(who.actor, async work => {
        const found = await desk.engine.firstOpen(work.tx)
        if (found && body.rate !== 1) throw new Refusal('clock-is-real', 'rate', { number: found.number })
        change(body.rate, 'set')
        await audit(work.tx, work.at, work.actor, 'demo-pace', String(body.rate), {})
      })
    }),
    deskRoute('GET /demo', async () => {
      const [scenarios, devices] = await Promise.all([simulators.scenarios(), simulators.devices()])
      return { scenarios: scenarios.map(s => s.name), devices: devices.map(viewOf) }
    }),
    deskRoute('POST /demo/scenarios/:name', async ({ params, who }) => {
      await simulators.run(params.name)
      await noted(who, 'demo-scenario', params.name)
    }),
    deskRoute('GET /demo/devices/:device', async ({ params }) => {
      const found = await simulators.device(params.device)
      const profile = profiles.get(site.devices.find(d => d.id === found.id)?.profile ?? '')
      const points = found.points.map(({ key, value, pinned }) => {
        const p = profile?.points.get(key)
        return { key, name: p?.name ?? { zh: key, en: key }, unit: p?.unit ?? '', value, forced: pinned }
      })
      return { ...viewOf(found), points }
    }),
    deskRoute('PUT /demo/devices/:device/fault', async ({ params, body, who }) => {
      await simulators.fault(params.device, simFault[body.kind])
      await noted(who, 'demo-fault', params.device, body)
    }),
    deskRoute('DELETE /demo/devices/:device/fault', async ({ params, who }) => {
      await simulators.normal(params.device)
      await noted(who, 'demo-normal', params.device)
    }),
    deskRoute('POST /demo/devices/:device/events', async ({ params, body, who }) => {
      await simulators.tells(params.device, body)
      await noted(who, 'demo-event', params.device, body)
    }),
    deskRoute('PUT /demo/devices/:device/points/:point', async ({ params, body, who }) => {
      await simulators.force(params.device, params.point, body.value)
      await noted(who, 'demo-force', `${params.device}/${params.point}`, body)
    }),
    deskRoute('DELETE /demo/devices/:device/points/:point', async ({ params, who }) => {
      await simulators.letGo(params.device, params.point)
      await noted(who, 'demo-let-go', `${params.device}/${params.point}`)
    }),
  ]
}
