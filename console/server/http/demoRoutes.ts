import { z } from 'zod'
import { Refusal } from '#api/errors'
import { type DemoDevice, type DemoFault, demoDeviceFull, demoFaults, demoState, paceWish } from '#api/models/demo'
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
  const right = 'run-demo'
  const device = z.object({ device: z.string().max(60) })
  const point = device.extend({ point: z.string().max(60) })
  /** Nobody asks afterwards in vain why a device was silent. */
  const noted = (who: Asker, what: string, subject: string, detail: Record<string, unknown> = {}) =>
    desk.unit(who.actor, work => audit(work.tx, work.at, work.actor, `demo-${what}`, subject, detail))
  return [
    deskRoute({
      method: 'put',
      path: '/demo/pace',
      summary: 'Changes how fast the clock of the demo runs; while an emergency is open it runs in real time',
      right,
      body: paceWish,
      async handle({ body, who }) {
        const { change } = desk.clock
        if (!change) throw new Refusal('pace-fixed')
        await desk.unit(who.actor, async work => {
          const found = await desk.engine.firstOpen(work.tx)
          if (found && body.rate !== 1) throw new Refusal('clock-is-real', 'rate', { number: found.number })
          change(body.rate, 'set')
          await audit(work.tx, work.at, work.actor, 'demo-pace', String(body.rate), {})
        })
      },
    }),
    deskRoute({
      method: 'get',
      path: '/demo',
      summary: 'The scenarios of the demo, and what is wrong with which simulated device',
      right,
      answer: demoState,
      async handle() {
        const [scenarios, devices] = await Promise.all([simulators.scenarios(), simulators.devices()])
        return { scenarios: scenarios.map(s => s.name), devices: devices.map(viewOf) }
      },
    }),
    deskRoute({
      method: 'post',
      path: '/demo/scenarios/:name',
      summary: 'Starts a scenario',
      right,
      params: z.object({ name: z.string().max(60) }),
      async handle({ params, who }) {
        await simulators.run(params.name)
        await noted(who, 'scenario', params.name)
      },
    }),
    deskRoute({
      method: 'get',
      path: '/demo/devices/:device',
      summary: 'A simulated device with its points as they physically are',
      right,
      params: device,
      answer: demoDeviceFull,
      async handle({ params }) {
        const found = await simulators.device(params.device)
        const profile = profiles.get(site.devices.find(d => d.id === found.id)?.profile ?? '')
        const points = found.points.map(({ key, value, pinned }) => {
          const p = profile?.points.get(key)
          return { key, name: p?.name ?? { zh: key, en: key }, unit: p?.unit ?? '', value, forced: pinned }
        })
        return { ...viewOf(found), points }
      },
    }),
    deskRoute({
      method: 'put',
      path: '/demo/devices/:device/fault',
      summary: 'Makes a simulated device silent, slow, wrong, refusing or frozen',
      right,
      params: device,
      body: z.strictObject({ kind: z.enum(demoFaults) }),
      async handle({ params, body, who }) {
        await simulators.fault(params.device, simFault[body.kind])
        await noted(who, 'fault', params.device, body)
      },
    }),
    deskRoute({
      method: 'delete',
      path: '/demo/devices/:device/fault',
      summary: 'Brings a simulated device back to normal: no fault, nothing forced',
      right,
      params: device,
      async handle({ params, who }) {
        await simulators.normal(params.device)
        await noted(who, 'normal', params.device)
      },
    }),
    deskRoute({
      method: 'put',
      path: '/demo/devices/:device/points/:point',
      summary: 'Forces a point of a simulated device to a value until it is let go',
      right,
      params: point,
      body: z.strictObject({ value: z.union([z.number(), z.boolean()]) }),
      async handle({ params, body, who }) {
        await simulators.force(params.device, params.point, body.value)
        await noted(who, 'force', `${params.device}/${params.point}`, body)
      },
    }),
    deskRoute({
      method: 'delete',
      path: '/demo/devices/:device/points/:point',
      summary: 'Lets a forced point of a simulated device go',
      right,
      params: point,
      async handle({ params, who }) {
        await simulators.letGo(params.device, params.point)
        await noted(who, 'let-go', `${params.device}/${params.point}`)
      },
    }),
  ]
}
