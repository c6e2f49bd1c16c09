import { z } from 'zod'
import { ApiError, type Route, route } from '#program/httpApi'
import type { ModbusBus } from '../field/modbusBus.ts'
import { scenarios } from '../scenarios.ts'
import type { SimDevice } from '../simDevice.ts'
import type { World } from '../world.ts'

const fault = z.object({
  kind: z.enum(['silent', 'slow', 'exception', 'nonsense', 'frozen']),
  delayMs: z.number().int().min(0).max(60_000).optional(),
})
const simValue = z.union([z.number(), z.boolean()])
const point = z.object({
  key: z.string(),
  name: z.string(),
  unit: z.string(),
  value: simValue,
  pinned: z.boolean(),
  writable: z.boolean(),
})
const deviceRow = z.object({
  id: z.string(),
  name: z.string(),
  profile: z.string(),
  bus: z.string(),
  unit: z.number().nullable(),
  fault: fault.nullable(),
  /** So many of its points are held by a person. */
  pinned: z.number(),
})

/** The control panel of the simulators: what an engineer pulls, presses and pins. Loopback only. */
export const controlRoutes = (
  world: World,
  buses: ReadonlyMap<string, ModbusBus>,
  after: (s: number, act: () => void) => void,
): Route[] => {
  const find = (id: string): SimDevice => {
    const device = world.devices.get(id)
    if (!device) throw new ApiError(404, 'unknown-device', 'device')
    return device
  }
  const findPoint = (id: string, key: string) => {
    const device = find(id)
    if (!device.has(key)) throw new ApiError(404, 'unknown-point', 'point')
    return device
  }
  const findBus = (id: string) => {
    const bus = buses.get(id)
    if (!bus) throw new ApiError(404, 'unknown-bus', 'bus')
    return bus
  }
  const row = (d: SimDevice) => ({
    id: d.id,
    name: d.site.name.zh,
    profile: d.profile.profile,
    bus: d.site.bus,
    unit: d.site.unit ?? null,
    fault: d.fault ?? null,
    pinned: d.pinned,
  })
  const deviceParams = z.object({ device: z.string() })
  const pointParams = z.object({ device: z.string(), point: z.string() })
  const busParams = z.object({ bus: z.string() })
  return [
    route({
      method: 'get',
      path: '/devices',
      summary: 'All devices',
      answer: z.array(deviceRow),
      handle: () => [...world.devices.values()].map(row),
    }),
    route({
      method: 'get',
      path: '/devices/:device',
      summary: 'One device with its points as physics has them',
      params: deviceParams,
      answer: deviceRow.extend({ points: z.array(point) }),
      handle({ params }) {
        const d = find(params.device)
        const points = d.entries().map(([key, value]) => {
          const p = d.profile.points.get(key)
          return {
            key,
            name: p?.name.zh ?? key,
            unit: p?.unit ?? '',
            value,
            pinned: d.isPinned(key),
            writable: Boolean(p?.write),
          }
        })
        return { ...row(d), points }
      },
    }),
    route({
      method: 'put',
      path: '/devices/:device/points/:point',
      summary: 'Sets a point; with pin, physics leaves it alone until it is let go',
      params: pointParams,
      body: z.object({ value: simValue, pin: z.boolean().default(true) }),
      handle({ params, body }) {
        const d = findPoint(params.device, params.point)
        if (body.pin) d.pin(params.point, body.value)
        else d.write(params.point, body.value)
      },
    }),
    route({
      method: 'delete',
      path: '/devices/:device/points/:point',
      summary: 'Lets a pinned point go',
      params: pointParams,
      handle: ({ params }) => findPoint(params.device, params.point).unpin(params.point),
    }),
    route({
      method: 'post',
      path: '/devices/:device/events',
      summary: 'Something that the device tells once, such as a card at a door; only devices that speak by themselves',
      params: deviceParams,
      body: z.object({
        event: z.string().max(40),
        detail: z.string().max(120).default(''),
        times: z.number().int().min(1).max(10_000).default(1),
      }),
      handle({ params, body }) {
        const d = find(params.device)
        for (let i = 1; i <= body.times; i++) d.onEvent(body.event, body.detail)
      },
    }),
    route({
      method: 'put',
      path: '/devices/:device/fault',
      summary: 'Puts a fault on a device: silent is unplugged',
      params: deviceParams,
      body: fault,
      handle({ params, body }) {
        find(params.device).fault = body
      },
    }),
    route({
      method: 'delete',
      path: '/devices/:device/fault',
      summary: 'Lifts the fault of a device',
      params: deviceParams,
      handle({ params }) {
        find(params.device).fault = undefined
      },
    }),
    route({
      method: 'put',
      path: '/buses/:bus/fault',
      summary: 'Puts a fault on a whole bus',
      params: busParams,
      body: fault,
      handle({ params, body }) {
        findBus(params.bus).fault = body
      },
    }),
    route({
      method: 'delete',
      path: '/buses/:bus/fault',
      summary: 'Lifts the fault of a bus',
      params: busParams,
      handle({ params }) {
        findBus(params.bus).fault = undefined
      },
    }),
    route({
      method: 'get',
      path: '/scenarios',
      summary: 'What can be set going',
      answer: z.array(z.object({ name: z.string(), summary: z.string() })),
      handle: () => Object.entries(scenarios).map(([name, s]) => ({ name, summary: s.summary })),
    }),
    route({
      method: 'post',
      path: '/scenarios/:name',
      summary: 'Starts a scenario',
      params: z.object({ name: z.string() }),
      query: z.object({ followAfterS: z.coerce.number().min(0).max(600).default(8) }),
      handle({ params, query }) {
        const scenario = Object.hasOwn(scenarios, params.name) ? scenarios[params.name] : undefined
        if (!scenario) throw new ApiError(404, 'unknown-scenario', 'name', { known: Object.keys(scenarios) })
        try {
          scenario.run(world, after, query)
        } catch (error) {
          throw new ApiError(409, 'not-this-site', 'name', { why: (error as Error).message })
        }
      },
    }),
  ]
}
