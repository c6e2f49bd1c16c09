import type { JournalOf } from '#contract/journal'
import { type PointRef, refOf } from '#contract/names'
import { isTrusted, type Scalar } from '#contract/quality'
import type { Linkage } from '#contract/site'
import type { ProcessImage } from '../domain/image.ts'
import type { Written } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { PriorityArrays } from './priorityArrays.ts'

/** What one action was measured to do, ms after the trigger. `relapsed`: it had fed back, and no longer stands so. */
export type Measured = { startedMs: number | null; feedbackMs: number | null; missing: boolean; relapsed: boolean }
export const unmeasured: Measured = { startedMs: null, feedbackMs: null, missing: false, relapsed: false }

/** The actions of one compartment under one event, with the moment from which they are timed (monotonic). */
export type Watched = {
  compartment: string
  event: string
  triggeredAt: number
  linkages: readonly Linkage[]
  measured: Record<string, Measured>
}

type Options = {
  image: ProcessImage
  arrays: PriorityArrays
  mono(): number
  wall(): number
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

export const linkageKey = (compartment: string, linkage: string) => `linkage/${compartment}/${linkage}`

/**
 * The stopwatch on the actions of a fire, from the trigger to the release (design §4). A start signal is what the device
 * itself shows, its reply or its own command state, never what we sent; a feedback is watched for as long as the fire is latched.
 */
export class LinkageWatch {
  readonly #o: Options
  /** When an action was handed over to somebody who carries it to the device. */
  readonly #handedAt = new Map<PointRef, { at: number; value: Scalar }>()

  constructor(o: Options) {
    this.#o = o
  }

  /** What became of a write; `taken` is the device's own reply. */
  onWritten(ref: PointRef, value: Scalar, how: Written, watched: Iterable<Watched>): [Watched, Effect[]][] {
    if (how === 'handed') this.#handedAt.set(ref, { at: this.#o.mono(), value })
    if (how !== 'taken') return []
    return [...watched].flatMap(w => {
      const effects = w.linkages.flatMap(l =>
        l.by === 'agent' && refOf(l.device, l.point) === ref && l.value === value ? this.#start(w, l) : [],
      )
      return effects.length > 0 ? [[w, effects] as [Watched, Effect[]]] : []
    })
  }

  /** Signals and feedbacks seen, limits passed, what had come falling back again. */
  step(w: Watched): Effect[] {
    return w.linkages.flatMap(l => this.#stepOne(w, l))
  }

  #stepOne(w: Watched, l: Linkage): Effect[] {
    const m = w.measured[l.id]
    if (!m) return []
    // Another compartment's action comes before this one by its rank: nothing can be expected of it.
    if (this.overruled(l)) {
      const over = this.alarm(w, l, false)
      return m.missing || m.relapsed ? this.#change(w, l, { missing: false, relapsed: false }, over) : over
    }
    const effects = m.startedMs === null && this.#signalSeen(w, l) ? this.#start(w, l) : []
    const value = this.#o.image.get(refOf(l.device, l.feedback.point))
    const stands = isTrusted(value) ? value.v === l.feedback.value : undefined
    return [...effects, ...(m.feedbackMs === null ? this.#await(w, l, stands) : this.#guard(w, l, stands))]
  }

  #await(w: Watched, l: Linkage, stands: boolean | undefined): Effect[] {
    const m = w.measured[l.id] ?? unmeasured
    const elapsed = this.#elapsed(w)
    // What already stood right still needs its start signal first, or a fault of the signal would go unseen.
    if (stands && m.startedMs !== null) {
      const phase = elapsed > l.feedbackLimitMs ? 'late' : 'fed-back'
      const record = this.record(w, l, phase, elapsed, l.feedbackLimitMs)
      return this.#change(w, l, { feedbackMs: elapsed, missing: false }, [record, ...this.alarm(w, l, false)])
    }
    const unreachable = l.by === 'agent' && m.startedMs === null && !this.#o.image.linkOk(l.device)
    const missing = unreachable || elapsed > l.feedbackLimitMs
    const record = missing && !m.missing ? [this.record(w, l, 'missing', elapsed, l.feedbackLimitMs)] : []
    // Nobody waits for the end of a limit to hear that the signal cannot even be sent.
    const late = missing || m.missing || (m.startedMs === null && elapsed > l.startLimitMs)
    const alarm = late ? this.alarm(w, l, true) : []
    return record.length > 0 ? this.#change(w, l, { missing: true }, [...record, ...alarm]) : alarm
  }

  /** It had come: a door that locks again in a latched fire is as bad as one that never opened. */
  #guard(w: Watched, l: Linkage, stands: boolean | undefined): Effect[] {
    const m = w.measured[l.id] ?? unmeasured
    if (stands === undefined || stands === !m.relapsed) return []
    const relapsed = !stands
    const record = this.record(w, l, relapsed ? 'relapsed' : 'restored', this.#elapsed(w), null)
    return this.#change(w, l, { relapsed }, [record, ...this.alarm(w, l, relapsed)])
  }

  #signalSeen(w: Watched, l: Linkage): boolean {
    const ref = refOf(l.device, l.point)
    const signal = this.#o.image.get(ref)
    if (!isTrusted(signal) || signal.v !== l.value) return false
    // What the panel does by wire starts when its signal is seen at the device.
    if (l.by === 'panel') return true
    const handed = this.#handedAt.get(ref)
    // What was handed over before the fire is not its signal.
    if (handed === undefined || handed.at < w.triggeredAt) return false
    return handed.value === l.value && (this.#o.image.lastRead(ref) ?? -Infinity) > handed.at
  }

  #start(w: Watched, l: Linkage): Effect[] {
    if (w.measured[l.id]?.startedMs !== null) return []
    const elapsed = this.#elapsed(w)
    return this.#change(w, l, { startedMs: elapsed }, [this.record(w, l, 'started', elapsed, l.startLimitMs)])
  }

  overruled(l: Linkage): boolean {
    return l.by === 'agent' && this.#o.arrays.value(refOf(l.device, l.point)) !== l.value
  }

  alarm(w: Pick<Watched, 'compartment'>, l: Linkage, active: boolean): Effect[] {
    const name = { zh: `联动未到位：${l.name.zh}`, en: `Linkage not carried out: ${l.name.en}` }
    const key = linkageKey(w.compartment, l.id)
    return this.#o.setAlarm({ key, level: 2, kind: 'linkage', device: l.device, place: w.compartment, name }, active)
  }

  record(w: Watched, l: Linkage, phase: JournalOf<'linkage'>['phase'], elapsedMs: number | null, limitMs: number | null): Effect {
    const { compartment, event } = w
    const at = this.#o.wall()
    return { record: { type: 'linkage', at, compartment, event, linkage: l.id, phase, elapsedMs, limitMs, name: l.name } }
  }

  /** A change of what was measured goes to the disk with its record. */
  #change(w: Watched, l: Linkage, change: Partial<Measured>, effects: Effect[]): Effect[] {
    w.measured[l.id] = { ...(w.measured[l.id] ?? unmeasured), ...change }
    return effects
  }

  #elapsed(w: Watched) {
    return Math.max(0, Math.round(this.#o.mono() - w.triggeredAt))
  }
}
