import type { PollClass } from '#contract/profile'
import type { Block } from './blocks.ts'

export type Turn = { unit: string; block: Block }
/** What a failure loses: the unit, the whole bus, or only this block of a unit that otherwise answers. */
export type Loss = 'no-answer' | 'bus-lost' | 'block-lost'
/** What an answer brings back: the bus (with the units that are still lost on it), the unit, or nothing new. */
export type Return = { bus: boolean; unit: boolean; stillLost: string[] }

type Entry = { block: Block; at: number; failures: number; phaseMs: number }
type Unit = { id: string; entries: Entry[]; failures: number; firstFailure: number; retryAt: number; lost: boolean }

const triesBeforeLost = 3
/** Growing pauses between tries at what is lost, at most 5 s (faults.md). */
const retryPausesMs = [500, 1000, 2000, 4000, 5000]
const quickRetryMs = 50
const busSilenceMs = 2000
const probePauseMs = 200
const rank: Record<PollClass, number> = { alarm: 0, value: 1, slow: 2 }

const pauseAfter = (failures: number) =>
  failures < triesBeforeLost
    ? quickRetryMs
    : (retryPausesMs[Math.min(retryPausesMs.length - 1, failures - triesBeforeLost)] ?? 5000)

/**
 * Whose turn it is on one bus, as a state machine without sockets or timers (after OpenEMS, style.md §1): the worker
 * asks `next`, does what it is told, and says how it went. What is most late for its period comes first, so that no
 * class starves another; what is dead costs one try per pause; one dead block, one silent unit and a silent bus are
 * told apart.
 */
export class Turns {
  readonly #units = new Map<string, Unit>()
  #lastGood: number
  #busLost = false
  #probe = 0
  #probeAt = 0

  constructor(units: ReadonlyMap<string, readonly Block[]>, now: number) {
    this.#lastGood = now
    for (const [index, [id, blocks]] of [...units].entries()) {
      const entries = blocks.map(block => ({ block, at: now, failures: 0, phaseMs: (block.periodMs * index) / units.size }))
      this.#units.set(id, { id, entries, failures: 0, firstFailure: now, retryAt: now, lost: false })
    }
  }

  get busLost() {
    return this.#busLost
  }

  /** The read that is most late for its period, or the time until one is due. */
  next(now: number): Turn | { waitMs: number } {
    if (this.#busLost) return this.#nextProbe(now)
    let best: { unit: string; entry: Entry; lateness: number } | undefined
    let soonest = now + 1000
    for (const unit of this.#units.values()) {
      for (const entry of unit.failures > 0 ? likeliest(unit.entries) : unit.entries) {
        const at = unit.failures > 0 ? unit.retryAt : entry.at
        soonest = Math.min(soonest, at)
        if (at > now) continue
        const lateness = (now - at) / (unit.failures > 0 ? 1000 : entry.block.periodMs)
        const sooner = best && lateness === best.lateness && rank[entry.block.poll] < rank[best.entry.block.poll]
        if (!best || lateness > best.lateness || sooner) best = { unit: unit.id, entry, lateness }
      }
    }
    return best ? { unit: best.unit, block: best.entry.block } : { waitMs: Math.max(1, soonest - now) }
  }

  #nextProbe(now: number): Turn | { waitMs: number } {
    if (now < this.#probeAt) return { waitMs: Math.max(1, this.#probeAt - now) }
    this.#probeAt = now + probePauseMs
    const units = [...this.#units.values()]
    const unit = units[this.#probe++ % Math.max(1, units.length)]
    const block = unit?.entries[0]?.block
    return unit && block ? { unit: unit.id, block } : { waitMs: probePauseMs }
  }

  answered(unitId: string, block: Block, now: number): Return {
    const unit = this.#units.get(unitId)
    if (!unit) return { bus: false, unit: false, stillLost: [] }
    const bus = this.#busLost
    const back = bus || unit.lost
    this.#lastGood = now
    this.#busLost = false
    if (bus) for (const u of this.#units.values()) if (u !== unit) (u.lost ? retryNow : wake)(u, now)
    if (back) wake(unit, now)
    unit.failures = 0
    for (const entry of unit.entries) {
      if (entry.block !== block) continue
      entry.failures = 0
      entry.at = nextBeat(now, block.periodMs, entry.phaseMs)
    }
    return { bus, unit: back, stillLost: bus ? [...this.#units.values()].filter(u => u.lost).map(u => u.id) : [] }
  }

  /** No answer, or rubbish. Returns what that loses, once. */
  failed(unitId: string, block: Block | undefined, now: number): Loss | undefined {
    const unit = this.#units.get(unitId)
    if (!unit || this.#busLost) return undefined
    if (unit.failures === 0) unit.firstFailure = now
    unit.failures++
    unit.retryAt = now + pauseAfter(unit.failures)
    const entry = unit.entries.find(e => e.block === block)
    if (entry) {
      entry.failures++
      entry.at = now + pauseAfter(entry.failures)
    }
    const alone = this.#units.size === 1
    const nobodyAnswers = [...this.#units.values()].every(u => u.failures > 0)
    if (!alone && nobodyAnswers && now - this.#lastGood > busSilenceMs) return this.loseBus(now)
    if (!unit.lost && unit.failures >= triesBeforeLost && (alone || this.#lastGood > unit.firstFailure)) {
      unit.lost = true
      return 'no-answer'
    }
    return !unit.lost && entry?.failures === triesBeforeLost ? 'block-lost' : undefined
  }

  /** Nothing on the bus can be reached (connection refused, or nobody answers). */
  loseBus(now: number): Loss | undefined {
    if (this.#busLost) return undefined
    this.#busLost = true
    this.#probeAt = now + probePauseMs
    return 'bus-lost'
  }
}

/** The beat of a period that is at least half of it away; each unit has its own phase, so that they do not come in bursts. */
const nextBeat = (now: number, periodMs: number, phaseMs: number) =>
  Math.ceil((now + periodMs / 2 - phaseMs) / periodMs) * periodMs + phaseMs

/** Of a unit in doubt only one block is tried: one that has not failed yet, so that a dead block is not a dead unit. */
const likeliest = (entries: readonly Entry[]): Entry[] =>
  entries.toSorted((a, b) => a.failures - b.failures || a.at - b.at).slice(0, 1)

const wake = (unit: Unit, now: number) => {
  Object.assign(unit, { failures: 0, lost: false })
  for (const entry of unit.entries) Object.assign(entry, { at: now, failures: 0 })
}

const retryNow = (unit: Unit, now: number) => {
  unit.retryAt = now
}
