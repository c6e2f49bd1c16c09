import { z } from 'zod'
import { ApiError } from '#program/httpApi'

const limitMs = 3000

/** What the control of the simulators says about a device. */
export const simDevice = z.object({
  id: z.string(),
  pinned: z.number(),
  fault: z.object({ kind: z.enum(['silent', 'slow', 'exception', 'nonsense', 'frozen']) }).nullable(),
})
export const simPoint = z.object({
  key: z.string(),
  value: z.union([z.number(), z.boolean()]),
  pinned: z.boolean(),
})
const devices = z.array(simDevice)
const device = simDevice.extend({ points: z.array(simPoint) })
const scenarios = z.array(z.object({ name: z.string(), summary: z.string() }))

/** The control of the simulators, on this machine. Throws 'simulators-silent' when nobody answers, else what they refuse. */
export const openSimulators = (port: number) => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch(() => {
      throw new ApiError(503, 'simulators-silent')
    })
    const said: unknown = answer.status === 204 ? undefined : await answer.json()
    if (answer.ok) return said
    throw new ApiError(answer.status, String((said as { error?: unknown }).error), 'simulators')
  }
  const at = (id: string) => `/devices/${encodeURIComponent(id)}`
  const point = (id: string, key: string) => `${at(id)}/points/${encodeURIComponent(key)}`
  return {
    scenarios: async () => scenarios.parse(await ask('GET', '/scenarios')),
    run: (name: string) => ask('POST', `/scenarios/${encodeURIComponent(name)}`),
    devices: async () => devices.parse(await ask('GET', '/devices')),
    device: async (id: string) => device.parse(await ask('GET', at(id))),
    fault: (id: string, kind: string) => ask('PUT', `${at(id)}/fault`, { kind }),
    force: (id: string, key: string, value: number | boolean) => ask('PUT', point(id, key), { value, pin: true }),
    letGo: (id: string, key: string) => ask('DELETE', point(id, key)),
    tells: (id: string, body: { event: string; detail: string }) => ask('POST', `${at(id)}/events`, body),
    /** Lifts its fault and lets go whatever is forced. */
    async normal(id: string) {
      await ask('DELETE', `${at(id)}/fault`)
      for (const p of device.parse(await ask('GET', at(id))).points) if (p.pinned) await ask('DELETE', point(id, p.key))
    },
  }
}
export type Simulators = ReturnType<typeof openSimulators>
