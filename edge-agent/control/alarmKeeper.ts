import { ulid } from 'ulid'
import type { AlarmFact, AlarmKind, AlarmLevel } from '#contract/alarm'
import { refOf, type Words } from '#contract/names'
import type { Profile } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import { type Condition, stepCondition } from '../domain/alarmCondition.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'

type Watched = { id: string; name: Words; profile: Profile; placeOf(point: string): string | null }
export type DirectAlarm = {
  key: string
  level: AlarmLevel
  kind: AlarmKind
  device: string | null
  place: string | null
  name: Words
}

/**
 * Decides what is true (design §5): mints an alarm when its condition begins, notes its return when it ends, and keeps
 * the standing ones on disk so that no restart mints a second.
 */
export class AlarmKeeper {
  readonly standing: Map<string, AlarmFact>
  readonly #conditions = new Map<string, Condition>()
  readonly #devices = new Map<string, Watched>()
  readonly #image: ProcessImage
  /** Set when what stands has changed since it was last published. */
  news = true

  constructor(devices: readonly Watched[], image: ProcessImage, kept: ReadonlyMap<string, unknown>) {
    this.#image = image
    for (const d of devices) this.#devices.set(d.id, d)
    this.standing = new Map([...kept].map(([key, body]) => [key, body as AlarmFact]))
    for (const key of this.standing.keys()) this.#conditions.set(key, { phase: 'active' })
  }

  /** Kept alarms whose device or rule has left the site: nobody could ever return them, so they return now. */
  dropUnknown(wall: number, known: (key: string) => boolean): Effect[] {
    return [...this.standing.keys()].flatMap(key => {
      const [device = '', rule = ''] = key.split('/')
      const ours = this.#devices.get(device)?.profile.alarms.has(rule) ?? false
      return ours || known(key) ? [] : this.#return(key, wall, null)
    })
  }

  /** Evaluates the conditions of one device; only those in the middle of a delay need it between exchanges. */
  evaluate(deviceId: string, mono: number, wall: number, onlyPending = false): Effect[] {
    const device = this.#devices.get(deviceId)
    if (!device) return []
    const effects: Effect[] = []
    for (const [ruleKey, rule] of device.profile.alarms) {
      const key = `${deviceId}/${ruleKey}`
      const before = this.#conditions.get(key) ?? { phase: 'normal' }
      if (onlyPending && before.phase !== 'pending' && before.phase !== 'clearing') continue
      const value = this.#image.get(refOf(deviceId, rule.point))
      const { next, event } = stepCondition(rule, before, value, mono)
      if (next !== before) this.#conditions.set(key, next)
      if (event === 'raise')
        effects.push(
          ...this.#raise(
            {
              key,
              level: rule.level,
              kind: rule.kind,
              device: deviceId,
              place: device.placeOf(rule.point),
              name: rule.standalone
                ? rule.name
                : { zh: `${device.name.zh} ${rule.name.zh}`, en: `${device.name.en}: ${rule.name.en}` },
            },
            wall,
            value?.v ?? null,
            rule.above ?? rule.below ?? null,
            refOf(deviceId, rule.point),
          ),
        )
      if (event === 'return') effects.push(...this.#return(key, wall, value?.v ?? null))
    }
    return effects
  }

  /** Alarms that are not about one value: links, demand that is held. Nothing happens when they stand already. */
  setDirect(alarm: DirectAlarm, active: boolean, wall: number, value: Scalar = null): Effect[] {
    const stands = this.standing.has(alarm.key)
    if (active && !stands) return this.#raise(alarm, wall, value, null, null)
    if (!active && stands) return this.#return(alarm.key, wall, value)
    return []
  }

  /** A device's link went or came: its standing alarms are, or are no longer, unverified (design §3). */
  setVerified(deviceId: string, verified: boolean, wall: number): Effect[] {
    const effects: Effect[] = []
    for (const [key, alarm] of this.standing) {
      if (alarm.device !== deviceId) continue
      if (verified === (alarm.unverifiedSince === null)) continue
      const changed = { ...alarm, unverifiedSince: verified ? null : wall }
      this.standing.set(key, changed)
      this.news = true
      effects.push({ keep: 'standing', key, body: changed })
    }
    return effects
  }

  #raise(a: DirectAlarm, wall: number, value: Scalar, limit: Scalar, point: string | null): Effect[] {
    const alarm: AlarmFact = { ...a, id: ulid(), point, raisedAt: wall, value, limit, unverifiedSince: null }
    this.standing.set(a.key, alarm)
    this.news = true
    return [{ keep: 'standing', key: a.key, body: alarm }, { record: { type: 'alarm-raised', at: wall, alarm } }]
  }

  #return(key: string, wall: number, value: Scalar): Effect[] {
    const alarm = this.standing.get(key)
    if (!alarm) return []
    this.standing.delete(key)
    this.news = true
    return [{ forget: 'standing', key }, { record: { type: 'alarm-returned', at: wall, id: alarm.id, value } }]
  }
}
