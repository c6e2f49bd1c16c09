import type { LinkReason } from '#contract/messages'
import type { Profile, ProfilePoint } from '#contract/profile'
import type { Device } from '#contract/site'
import type { Log } from '#program/log'
import { openMqtt } from '#program/mqttConnection'
import { monotonicMs } from '#program/wallClock'
import { EventBudget } from '../../domain/eventBudget.ts'
import { interpret, type Reading } from '../../registers/decode.ts'
import type { FieldBus, FieldEvents } from '../fieldBus.ts'

const watchMs = 250
const defaultSilenceMs = 10_000
const nonsenseBeforeLost = 3
const neverUpMs = 6000
const figuresEveryMs = 1000
/** While nobody at all has spoken for so long it is not known whose silence it is. */
const quietBusMs = 1000
/** The watch comes so late only when the whole process stood still. */
const stalledMs = 4 * watchMs

/** A JSON value as its point's, through the same scale, sentinel and plausibility as a register (design §3). */
export const readingOf = (point: ProfilePoint, value: unknown): Reading => {
  const raw = () => JSON.stringify(value)?.slice(0, 40) ?? ''
  if (value === undefined || value === null) return { ok: false, why: 'no-value', raw }
  if (point.kind === 'binary')
    return typeof value === 'boolean' ? { ok: true, v: value, raw } : { ok: false, why: 'nonsense', raw }
  if (typeof value !== 'number' || !point.mqtt) return { ok: false, why: 'nonsense', raw }
  return interpret(point, point.mqtt, value, raw)
}

type Known = {
  device: Device
  profile: Profile
  heardAt: number
  good: boolean
  lost: boolean
  nonsense: number
  budget: EventBudget
}

/** Devices that speak MQTT by themselves, each beneath its prefix on the field broker, where the bus has an account of its own. */
export const openMqttFieldBus = (o: {
  id: string
  url: string
  user: string
  password: string
  devices: readonly { device: Device; profile: Profile }[]
  events: FieldEvents
  log: Log
}): FieldBus => {
  const openedAt = monotonicMs()
  const fresh = { heardAt: openedAt, good: false, lost: false, nonsense: 0 }
  const known = new Map<string, Known>(
    o.devices.map(d => [d.device.prefix ?? '', { ...d, ...fresh, budget: new EventBudget(openedAt) }]),
  )
  const all = [...known.values()]
  const silenceOf = (k: Known) => k.profile.silenceMs ?? defaultSilenceMs
  let busLost = false
  let heardAt = openedAt
  let figuresDue = 0
  let watchedAt = openedAt

  const lose = (k: Known, reason: LinkReason) => {
    Object.assign(k, { good: false, lost: true })
    o.events.onLink(k.device.id, { reason, code: null })
  }
  const loseBus = (reason: LinkReason) => {
    if (busLost) return
    busLost = true
    o.events.onBus(o.id, { reason, code: null })
    for (const k of all) lose(k, 'bus-lost')
  }
  /** The bus is there: whatever hangs on it is given its time anew before it counts as silent. */
  const findBus = () => {
    busLost = false
    heardAt = monotonicMs()
    o.events.onBus(o.id, null)
    for (const k of all) Object.assign(k, { heardAt: monotonicMs(), lost: false })
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
        readings.set(key, readingOf(p, Object.hasOwn(state, p.mqtt.path) ? state[p.mqtt.path] : undefined))
    Object.assign(k, { heardAt: monotonicMs(), good: true, lost: false, nonsense: 0 })
    o.events.onLink(k.device.id, null)
    o.events.onExchange(k.device.id, { readings })
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
    clientId: o.user,
    filters: [...known.keys()].flatMap(prefix => [`${prefix}/state`, `${prefix}/event`]),
    log: o.log,
    onUp: findBus,
    onDown: () => loseBus('no-answer'),
    onMessage(topic, payload, retained) {
      // What the broker kept says nothing of now: a device dead for hours may have left its last word there.
      if (retained) return
      const slash = topic.lastIndexOf('/')
      const k = known.get(topic.slice(0, slash))
      if (!k) return
      if (busLost) findBus()
      heardAt = monotonicMs()
      if (topic.slice(slash + 1) === 'state') onState(k, payload)
      else onEvent(k, payload)
    },
  })

  const look = (now: number) => {
    if (now - watchedAt > stalledMs) {
      // We were the ones who did not listen.
      heardAt += now - watchedAt
      for (const k of all) k.heardAt += now - watchedAt
    }
    if (!connection.up) {
      // A field broker that cannot be reached at the start is as lost as one that went away.
      if (now - openedAt > neverUpMs) loseBus('refused')
      return
    }
    // Nobody on the whole bus speaks: that is the bus, not thirty doors at once.
    if (all.length > 1 && now - heardAt > Math.min(...all.map(silenceOf))) return loseBus('silent')
    if (busLost) return
    const quiet = all.length > 1 && now - heardAt > quietBusMs
    for (const k of all) {
      const dropped = k.budget.takeDropped(now)
      if (dropped > 0) o.events.onEvent(k.device.id, 'events-dropped', String(dropped))
      if (!k.lost && !quiet && now - k.heardAt > silenceOf(k)) lose(k, 'silent')
    }
  }
  const watch = setInterval(() => {
    const now = monotonicMs()
    look(now)
    watchedAt = now
    if (now < figuresDue) return
    figuresDue = now + figuresEveryMs
    o.events.onFigures(o.id, { silent: all.filter(k => !k.good).length, of: all.length, pace: null })
  }, watchMs)

  return {
    async write(deviceId, point, value) {
      const k = all.find(x => x.device.id === deviceId)
      const order = k?.profile.points.get(point)?.mqtt?.command
      if (!k || !order) return 'refused'
      if (!connection.up) return 'link-lost'
      const sent = await connection.publish(
        `${k.device.prefix}/${order.topic}`,
        JSON.stringify({ [order.path]: value }),
        1,
        false,
      )
      // The broker has it, not yet the device: only what the device then says of itself is its answer.
      return sent ? 'handed' : 'no-answer'
    },
    async close() {
      clearInterval(watch)
      await connection.close()
    },
  }
}
