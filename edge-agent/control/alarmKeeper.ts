import { ulid } from 'ulid'
import type { AlarmFact, AlarmKind, AlarmLevel, SuppressedAlarm } from '#contract/alarm'
import { refOf, type Words } from '#contract/names'
import type { AlarmRule, Profile } from '#contract/profile'
import { isTrusted, type Scalar } from '#contract/quality'
import type { SiteSuppression } from '#contract/site'
import { type Condition, stepCondition, suspended } from '../domain/alarmCondition.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'

export type Watched = { id: string; name: Words; profile: Profile; placeOf(point: string): string | null }
export type DirectAlarm = {
  key: string
  level: AlarmLevel
  kind: AlarmKind
  device: string | null
  place: string | null
  name: Words
  latch?: boolean
}
/** The level that the site gives an alarm at this time. */
type LevelNow = (alarm: DirectAlarm, wall: number) => AlarmLevel

const notRunning: Words = { zh: '设备未运行', en: 'device is not running' }
const nameOf = (device: Watched, rule: AlarmRule): Words =>
  rule.standalone ? rule.name : { zh: `${device.name.zh} ${rule.name.zh}`, en: `${device.name.en}: ${rule.name.en}` }

/** `feedback`: what tells that the device runs, where the rule counts only then. */
type Rule = { key: string; rule: AlarmRule; feedback: string | undefined }

/**
 * Decides what is true (design §5): mints an alarm when its condition begins, notes its return when it ends, and keeps
 * the standing ones on disk so that no restart mints a second.
 */
export class AlarmKeeper {
  readonly standing: Map<string, AlarmFact>
  readonly #conditions = new Map<string, Condition>()
  readonly #devices = new Map<string, Watched>()
  /** The rules of each device by the points that they watch. */
  readonly #rules = new Map<string, Map<string, Rule[]>>()
  /** Conditions in the middle of a delay, which time alone can end. */
  readonly #delayed = new Map<string, { device: string; rule: Rule }>()
  readonly #image: ProcessImage
  readonly #suppressions: readonly SiteSuppression[]
  readonly #levelNow: LevelNow
  /** What would be an alarm if the plant were run otherwise, by its key. */
  readonly suppressed = new Map<string, SuppressedAlarm>()
  suppressedNews = true
  /** Set when what stands has changed since it was last published. */
  news = true
  /** Set when some of it has become unverified, or is verified again: the journal does not tell that. */
  marks = false

  constructor(
    devices: readonly Watched[],
    image: ProcessImage,
    kept: ReadonlyMap<string, unknown>,
    suppressions: readonly SiteSuppression[] = [],
    levelNow: LevelNow = a => a.level,
  ) {
    this.#levelNow = levelNow
    this.#image = image
    this.#suppressions = suppressions
    for (const d of devices) {
      this.#devices.set(d.id, d)
      const byPoint = new Map<string, Rule[]>()
      for (const [key, rule] of d.profile.alarms) {
        const feedback = rule.whileRunning ? d.profile.runs?.feedback : undefined
        for (const point of new Set([rule.point, feedback ?? rule.point]))
          byPoint.set(point, [...(byPoint.get(point) ?? []), { key: `${d.id}/${key}`, rule, feedback }])
      }
      this.#rules.set(d.id, byPoint)
    }
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

  /** Evaluates the conditions of the points that were just read. */
  evaluate(deviceId: string, keys: Iterable<string>, mono: number, wall: number): Effect[] {
    const rules = this.#rules.get(deviceId)
    if (!rules || rules.size === 0) return []
    const effects: Effect[] = []
    const summaries: Rule[] = []
    for (const key of keys)
      for (const r of rules.get(key) ?? [])
        if (r.rule.summary) summaries.push(r)
        else effects.push(...this.#step(deviceId, r, mono, wall))
    // A device's own sum speaks after its parts have had their say.
    for (const r of summaries) effects.push(...this.#step(deviceId, r, mono, wall))
    return effects
  }

  /** Time has passed: conditions in the middle of a delay go on. One whose value is only old waits for its next reading. */
  elapse(mono: number, wall: number): Effect[] {
    const old = (device: string, key: string) => this.#image.get(refOf(device, key))?.q === 'stale'
    return [...this.#delayed.values()].flatMap(({ device, rule }) =>
      old(device, rule.rule.point) || old(device, rule.feedback ?? rule.rule.point) ? [] : this.#step(device, rule, mono, wall),
    )
  }

  #step(deviceId: string, r: Rule, mono: number, wall: number): Effect[] {
    const { key, rule } = r
    const before = this.#conditions.get(key) ?? { phase: 'normal' }
    const value = this.#image.get(refOf(deviceId, rule.point))
    // Where a part of the device has raised the same already, its sum adds nothing.
    const explained =
      rule.summary && before.phase !== 'active' && before.phase !== 'clearing' && this.#hasPart(deviceId, rule, key)
    const runs = r.feedback === undefined ? undefined : this.#image.get(refOf(deviceId, r.feedback))
    const undecided = explained || (r.feedback !== undefined && !isTrusted(runs))
    const by = this.#suppressedBy(deviceId, rule)
    const applies = runs?.v !== false && by === undefined
    const outcome = undecided ? { next: suspended(before) } : stepCondition(rule, before, value, mono, applies)
    const { next, event } = outcome
    this.#noteSuppressed(deviceId, r, 'withheld' in outcome ? (by ?? notRunning) : undefined, wall)
    this.#conditions.set(key, next)
    if (next.phase === 'pending' || next.phase === 'clearing') this.#delayed.set(key, { device: deviceId, rule: r })
    else this.#delayed.delete(key)
    if (event === 'return') return this.#return(key, wall, value?.v ?? null)
    const device = this.#devices.get(deviceId)
    if (event !== 'raise' || !device) return []
    const alarm = {
      key,
      level: rule.level,
      kind: rule.kind,
      device: deviceId,
      place: device.placeOf(rule.point),
      name: nameOf(device, rule),
      ...(rule.latch ? { latch: true } : {}),
    }
    return this.#raise(alarm, wall, value?.v ?? null, rule.above ?? rule.below ?? null, refOf(deviceId, rule.point))
  }

  /** The name of the suppression that is known to hold; danger to life is never suppressed. */
  #suppressedBy(device: string, rule: AlarmRule): Words | undefined {
    if (rule.level === 1) return undefined
    return this.#suppressions.find(s => {
      if (!s.devices.includes(device) || (s.kinds && !s.kinds.includes(rule.kind))) return false
      const value = this.#image.get(s.when.point)
      return isTrusted(value) && value?.v === s.when.equals
    })?.name
  }

  #noteSuppressed(deviceId: string, { key, rule }: Rule, why: Words | undefined, wall: number) {
    const known = this.suppressed.get(key)
    if (known?.why === why) return
    this.suppressedNews = true
    const device = this.#devices.get(deviceId)
    if (why === undefined || !device) this.suppressed.delete(key)
    else
      this.suppressed.set(key, {
        key,
        level: rule.level,
        device: deviceId,
        place: device.placeOf(rule.point),
        name: nameOf(device, rule),
        since: known?.since ?? wall,
        why,
      })
  }

  #hasPart(device: string, rule: AlarmRule, own: string): boolean {
    for (const [key, a] of this.standing)
      if (a.device === device && a.kind === rule.kind && a.point !== null && key !== own) return true
    return false
  }

  /** Alarms that are not about one rule: links, demand that is held. Nothing happens when they stand already. */
  setDirect(alarm: DirectAlarm, active: boolean, wall: number, point: string | null = null): Effect[] {
    const stands = this.standing.has(alarm.key)
    if (active && !stands) return this.#raise(alarm, wall, null, null, point)
    if (!active && stands) return this.#return(alarm.key, wall, null)
    return []
  }

  /** The same, where only its key is known of what returns. */
  clear(key: string, wall: number): Effect[] {
    return this.#return(key, wall, null)
  }

  /** Points went out of sight: what was about to begin or to end there begins anew. */
  suspend(deviceId: string, keys: Iterable<string>) {
    for (const key of keys)
      for (const { key: rule } of this.#rules.get(deviceId)?.get(key) ?? []) {
        this.#conditions.set(rule, suspended(this.#conditions.get(rule) ?? { phase: 'normal' }))
        this.#delayed.delete(rule)
        // What is not known is not silent by design either.
        if (this.suppressed.delete(rule)) this.suppressedNews = true
      }
  }

  /**
   * Standing alarms of a device are unverified while what they are about cannot be trusted (design §3): their own point, or
   * the device's link. Those that tell of a lost link or part are about that very loss.
   */
  verify(deviceId: string, wall: number): Effect[] {
    const effects: Effect[] = []
    for (const [key, alarm] of this.standing) {
      if (alarm.device !== deviceId || key.startsWith('part/') || key.startsWith('link/')) continue
      const verified = this.#image.linkOk(deviceId) && (alarm.point === null || isTrusted(this.#image.get(alarm.point)))
      if (verified === (alarm.unverifiedSince === null)) continue
      const changed = { ...alarm, unverifiedSince: verified ? null : wall }
      this.standing.set(key, changed)
      this.news = true
      this.marks = true
      effects.push({ keep: 'standing', key, body: changed })
    }
    return effects
  }

  #raise(a: DirectAlarm, wall: number, value: Scalar, limit: Scalar, point: string | null): Effect[] {
    const level = this.#levelNow(a, wall)
    const alarm: AlarmFact = { ...a, level, id: ulid(), point, raisedAt: wall, value, limit, unverifiedSince: null }
    this.standing.set(a.key, alarm)
    this.news = true
    return [{ keep: 'standing', key: a.key, body: alarm }, { record: { type: 'alarm-raised', at: wall, alarm } }]
  }

  #return(key: string, wall: number, value: Scalar): Effect[] {
    const alarm = this.standing.get(key)
    if (!alarm) return []
    this.standing.delete(key)
    this.news = true
    // A clock that was set back meanwhile does not end anything before it began.
    const at = Math.max(wall, alarm.raisedAt)
    return [{ forget: 'standing', key }, { record: { type: 'alarm-returned', at, id: alarm.id, value } }]
  }
}
