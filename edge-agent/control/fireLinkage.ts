import { ulid } from 'ulid'
import { type PointRef, refOf } from '#contract/names'
import { level } from '#contract/priority'
import { isTrusted, type Scalar } from '#contract/quality'
import { type Compartment, type Linkage, linkagesOf, type Site } from '#contract/site'
import { releaseBlocked, ruleMet, witnessesInAlarm } from '../domain/fireRule.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { PriorityArrays } from './priorityArrays.ts'

type Measured = { startedMs: number | null; feedbackMs: number | null; missing: boolean }
type Latched = { event: string; at: number; measured: Record<string, Measured> }

type Options = {
  site: Site
  image: ProcessImage
  arrays: PriorityArrays
  mono(): number
  wall(): number
  commit(e: Effect[]): void
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

export const linkageKey = (compartment: string, linkage: string) => `linkage/${compartment}/${linkage}`

/** The actions of one compartment under one event, with the moment from which they are timed (monotonic). */
type Live = Latched & { triggeredAt: number; linkages: Linkage[] }

/**
 * Zhiban's own supporting actions at a fire, and the stopwatch on each (design §4). It never resets or silences the
 * panel. Entries latch at level 2: only an authorised release with a normal panel ends them, no reset, restart or
 * lost link.
 */
export class FireLinkage {
  readonly #o: Options
  readonly #latched = new Map<string, Live>()

  constructor(o: Options, kept: ReadonlyMap<string, unknown>) {
    this.#o = o
    for (const [id, body] of kept) {
      const c = o.site.compartments.find(x => x.id === id)
      if (c)
        this.#latched.set(id, {
          ...(body as Latched),
          triggeredAt: o.mono() - Math.max(0, o.wall() - (body as Latched).at),
          linkages: linkagesOf(o.site, c),
        })
    }
  }

  /** The panel was read: does a compartment's rule hold now? */
  onPanelRead(panel: string) {
    for (const c of this.#o.site.compartments) {
      if (c.panel !== panel || this.#latched.has(c.id)) continue
      const inAlarm = witnessesInAlarm(c, point => this.#o.image.get(refOf(panel, point)))
      if (ruleMet(c, inAlarm)) this.#trigger(c, inAlarm)
    }
  }

  #trigger(c: Compartment, inAlarm: string[]) {
    const wall = this.#o.wall()
    const linkages = linkagesOf(this.#o.site, c)
    const measured = Object.fromEntries(linkages.map(l => [l.id, { startedMs: null, feedbackMs: null, missing: false }]))
    const live: Live = { event: ulid(), at: wall, measured, triggeredAt: this.#o.mono(), linkages }
    this.#latched.set(c.id, live)
    const panel = this.#o.image.devices.get(c.panel)
    const causes = inAlarm.map(id => ({ id, what: panel?.profile.points.get(id)?.name ?? { zh: id, en: id } }))
    const cause = { id: c.id, what: { zh: `${c.name.zh}火警`, en: `Fire: ${c.name.en}` } }
    const effects: Effect[] = [
      { record: { type: 'compartment', at: wall, compartment: c.id, event: live.event, phase: 'rule-met', causes } },
    ]
    for (const l of linkages) {
      if (l.by === 'agent') effects.push(...this.#o.arrays.join(refOf(l.device, l.point), level.fire, l.value, cause, wall))
      effects.push({ record: this.#record(c.id, live, l, 'triggered', null, l.startLimitMs) })
    }
    effects.push(this.#keep(c.id, live))
    this.#o.commit(effects)
  }

  /** A write reached its device: for a latched action that is the start signal. */
  onWritten(ref: PointRef, value: Scalar) {
    this.#each((id, live, l) => {
      const m = live.measured[l.id]
      if (l.by === 'agent' && m?.startedMs === null && refOf(l.device, l.point) === ref && l.value === value)
        this.#start(id, live, l, m)
    })
  }

  #start(id: string, live: Live, l: Linkage, m: Measured) {
    m.startedMs = this.#elapsed(live)
    this.#o.commit([{ record: this.#record(id, live, l, 'started', m.startedMs, l.startLimitMs) }, this.#keep(id, live)])
  }

  /** Feedback seen, or its limit passed. Called after every exchange and on ticks. */
  step() {
    this.#each((id, live, l) => {
      const m = live.measured[l.id]
      if (!m || m.feedbackMs !== null) return
      const elapsed = this.#elapsed(live)
      // What the panel does by wire starts when its signal is seen at the device.
      const signal = l.by === 'panel' ? this.#o.image.get(refOf(l.device, l.point)) : undefined
      if (m.startedMs === null && isTrusted(signal) && signal.v === l.value) this.#start(id, live, l, m)
      const value = this.#o.image.get(refOf(l.device, l.feedback.point))
      // What already stood right still needs its start signal first, or a fault of the signal would go unseen.
      if (isTrusted(value) && value.v === l.feedback.value && m.startedMs !== null) {
        m.feedbackMs = elapsed
        const phase = elapsed > l.feedbackLimitMs ? 'late' : 'fed-back'
        this.#o.commit([
          { record: this.#record(id, live, l, phase, elapsed, l.feedbackLimitMs) },
          this.#keep(id, live),
          ...this.#alarm(id, l, false),
        ])
        return
      }
      const unreachable = l.by === 'agent' && m.startedMs === null && !this.#o.image.linkOk(l.device)
      if (!m.missing && (unreachable || elapsed > l.feedbackLimitMs)) {
        m.missing = true
        this.#o.commit([{ record: this.#record(id, live, l, 'missing', elapsed, l.feedbackLimitMs) }, this.#keep(id, live)])
      }
      // Nobody waits for the end of a limit to hear that the signal cannot even be sent.
      if (m.missing || (m.startedMs === null && elapsed > l.startLimitMs)) this.#o.commit(this.#alarm(id, l, true))
    })
  }

  #alarm(compartment: string, l: Linkage, active: boolean): Effect[] {
    const name = { zh: `联动未到位：${l.name.zh}`, en: `Linkage not carried out: ${l.name.en}` }
    const key = linkageKey(compartment, l.id)
    return this.#o.setAlarm({ key, level: 2, kind: 'linkage', device: l.device, place: compartment, name }, active)
  }

  /** Points that a newly latched event wants written now, even where the device seems to stand right already. */
  startSignals(): PointRef[] {
    const refs: PointRef[] = []
    this.#each((_id, live, l) => {
      if (l.by === 'agent' && live.measured[l.id]?.startedMs === null) refs.push(refOf(l.device, l.point))
    })
    return refs
  }

  isLatched(compartment: string) {
    return this.#latched.has(compartment)
  }

  /** Releases a compartment for an authorised person, or says why not yet. */
  release(compartmentId: string): 'not-latched' | 'panel-unverified' | 'panel-in-alarm' | { effects: Effect[] } {
    const live = this.#latched.get(compartmentId)
    const c = this.#o.site.compartments.find(x => x.id === compartmentId)
    if (!live || !c) return 'not-latched'
    const blocked = releaseBlocked(c, this.#o.image.get(refOf(c.panel, c.panelNormal.point)))
    if (blocked) return blocked
    this.#latched.delete(compartmentId)
    const wall = this.#o.wall()
    const effects: Effect[] = [
      { forget: 'latched', key: compartmentId },
      { record: { type: 'compartment', at: wall, compartment: compartmentId, event: live.event, phase: 'released', causes: [] } },
    ]
    for (const l of live.linkages) {
      if (l.by === 'agent') effects.push(...this.#o.arrays.leave(refOf(l.device, l.point), level.fire, compartmentId))
      effects.push({ record: this.#record(compartmentId, live, l, 'released', null, null) })
      effects.push(...this.#alarm(compartmentId, l, false))
    }
    return { effects }
  }

  #each(act: (compartment: string, live: Live, linkage: Linkage) => void) {
    for (const [id, live] of this.#latched) for (const l of live.linkages) act(id, live, l)
  }

  #elapsed(live: Live) {
    return Math.round(this.#o.mono() - live.triggeredAt)
  }

  #keep(id: string, { event, at, measured }: Live): Effect {
    return { keep: 'latched', key: id, body: { event, at, measured } satisfies Latched }
  }

  #record(
    compartment: string,
    live: Live,
    l: Linkage,
    phase: 'triggered' | 'started' | 'fed-back' | 'late' | 'missing' | 'released',
    elapsedMs: number | null,
    limitMs: number | null,
  ) {
    return {
      type: 'linkage' as const,
      at: this.#o.wall(),
      compartment,
      event: live.event,
      linkage: l.id,
      phase,
      elapsedMs,
      limitMs,
      name: l.name,
    }
  }
}
