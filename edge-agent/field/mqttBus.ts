import type { Profile } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import type { Device } from '#contract/site'
import type { Log } from '#program/log'
import { openMqtt } from '#program/mqttConnection'
import { monotonicMs } from '#program/wallClock'
import { EventBudget } from '../domain/eventBudget.ts'
import type { Reading } from '../registers/decode.ts'
import type { FieldBus, FieldEvents } from './fieldBus.ts'

const watchMs = 250
const defaultSilenceMs = 10_000
const nonsenseBeforeLost = 3
const neverUpMs = 6000

const readingOf = (kind: 'binary' | 'analog' | 'enum', value: unknown): Reading => {
  const raw = () => JSON.stringify(value)?.slice(0, 40) ?? ''
  if (value === undefined || value === null) return { ok: false, why: 'no-value', raw }
  const right = kind === 'binary' ? typeof value === 'boolean' : typeof value === 'number' && Number.isFinite(value)
  return right ? { ok: true, v: value as Scalar, raw } : { ok: false, why: 'nonsense', raw }
}

/** Devices that speak MQTT by themselves, each beneath its prefix on the field broker. */
export const openMqttFieldBus = (o: {
  id: string
  url: string
  user: string
  password: string
  devices: readonly { device: Device; profile: Profile }[]
  events: FieldEvents
  log: Log
}): FieldBus => {
  type Known = { device: Device; profile: Profile; heardAt: number; good: boolean; nonsense: number; budget: EventBudget }
  const known = new Map<string, Known>()
  for (const d of o.devices)
    known.set(d.device.prefix ?? '', {
      ...d,
      heardAt: monotonicMs(),
      good: false,
      nonsense: 0,
      budget: new EventBudget(monotonicMs()),
    })

  const openedAt = monotonicMs()
  let lost = false

  const lose = (k: Known, reason: 'silent' | 'nonsense' | 'bus-lost') => {
    k.good = false
    o.events.onLink(k.device.id, reason)
  }

  const onState = (k: Known, payload: Buffer) => {
    let state: Record<string, unknown>
    try {
      state = JSON.parse(payload.toString('utf8'))
      if (typeof state !== 'object' || state === null || Array.isArray(state)) throw new Error('not an object')
    } catch {
      o.events.onError(k.device.id)
      if (++k.nonsense >= nonsenseBeforeLost) lose(k, 'nonsense')
      return
    }
    const readings = new Map<string, Reading>()
    for (const [key, p] of k.profile.points)
      if (p.mqtt?.topic === 'state')
        readings.set(key, readingOf(p.kind, Object.hasOwn(state, p.mqtt.path) ? state[p.mqtt.path] : undefined))
    Object.assign(k, { heardAt: monotonicMs(), good: true, nonsense: 0 })
    o.events.onLink(k.device.id, null)
    o.events.onReadings(k.device.id, readings)
  }

  const onEvent = (k: Known, payload: Buffer) => {
    try {
      const { event, detail } = JSON.parse(payload.toString('utf8'))
      if (typeof event === 'string' && k.budget.admits(monotonicMs()))
        o.events.onEvent(k.device.id, event.slice(0, 40), String(detail ?? '').slice(0, 120))
    } catch {
      o.events.onError(k.device.id)
    }
  }

  const connection = openMqtt({
    url: o.url,
    user: o.user,
    password: o.password,
    clientId: `${o.user}-field`,
    filters: [...known.keys()].flatMap(prefix => [`${prefix}/state`, `${prefix}/event`]),
    log: o.log,
    onUp() {
      lost = false
      o.events.onBus(o.id, false)
      for (const k of known.values()) k.heardAt = monotonicMs()
    },
    onDown() {
      lost = true
      o.events.onBus(o.id, true)
      for (const k of known.values()) lose(k, 'bus-lost')
    },
    onMessage(topic, payload, retained) {
      // What the broker kept says nothing of now: a device dead for hours may have left its last word there.
      if (retained) return
      const slash = topic.lastIndexOf('/')
      const k = known.get(topic.slice(0, slash))
      if (!k) return
      if (topic.slice(slash + 1) === 'state') onState(k, payload)
      else onEvent(k, payload)
    },
  })
  /** A field broker that cannot be reached at the start is as lost as one that went away. */
  const neverUp = () => {
    if (lost || monotonicMs() - openedAt < neverUpMs) return
    lost = true
    o.events.onBus(o.id, true)
    for (const k of known.values()) lose(k, 'bus-lost')
  }
  const watch = setInterval(() => {
    if (!connection.up) return neverUp()
    for (const k of known.values()) {
      const dropped = k.budget.takeDropped(monotonicMs())
      if (dropped > 0) o.events.onEvent(k.device.id, 'events-dropped', String(dropped))
      const quietMs = monotonicMs() - k.heardAt
      if (k.good && quietMs > (k.profile.silenceMs ?? defaultSilenceMs)) lose(k, 'silent')
      else if (!k.good && quietMs > (k.profile.silenceMs ?? defaultSilenceMs)) {
        k.heardAt = monotonicMs()
        lose(k, 'silent')
      }
    }
  }, watchMs)

  return {
    async write(deviceId, point, value) {
      const k = [...known.values()].find(x => x.device.id === deviceId)
      const order = k?.profile.points.get(point)?.mqtt?.command
      if (!k || !order) return false
      return connection.publish(`${k.device.prefix}/${order.topic}`, JSON.stringify({ [order.path]: value }), 1, false)
    },
    async close() {
      clearInterval(watch)
      await connection.close()
    },
  }
}
