import type { PollClass } from '#contract/profile'
import type { Block } from './blocks.ts'

/** Why a unit or the whole bus counts as lost. */
export type Loss = 'no-answer' | 'bus-lost'
export type Turn = { unit: string; block: Block }

type Unit = {
  id: string
  due: { block: Block; at: number }[]
  failures: number
  firstFailure: number | undefined
  retryAt: number
  lost: boolean
}

/** Tries before a unit is lost, and the growing pause between tries afterwards (at most 5 s: faults.md). */
const triesBeforeLost = 3
const retryPausesMs = [500, 1000, 2000, 4000, 5000]
const busSilenceMs = 2000
const rank: Record<PollClass, number> = { alarm: 0, value: 1, slow: 2 }

/**
 * Whose turn it is on one bus, as a state machine without sockets or timers (after OpenEMS, style.md §1): the worker
 * asks `next`, does what it is told, and says how it went. A dead unit costs one try per pause, not one per cycle; a
 * slow class cannot starve a fast one; the silence of one unit and of the whole bus are told apart.
 */
export class Turns {
  readonly #units = new Map<string, Unit>()
  #lastGood: number
  #silentUnits = new Set<string>()
  #busLost = false
  #probe = 0
  #probeAt = 0

  constructor(units: ReadonlyMap<string, readonly Block[]>, now: number) {
    this.#lastGood = now
    for (const [id, blocks] of units) {
      const due = blocks.map(block => ({ block, at: now }))
      this.#units.set(id, { id, due, failures: 0, firstFailure: undefined, retryAt: 0, lost: false })
    }
  }

  get busLost() {
    return this.#busLost
  }

  lossOf(unit: string): Loss | undefined {
    if (this.#busLost) return 'bus-lost'
    return this.#units.get(unit)?.lost ? 'no-answer' : undefined
  }

  /** The most urgent read that is due, or the time until one is. */
  next(now: number): Turn | { waitMs: number } {
    if (this.#busLost) return this.#nextProbe(now)
    let best: { unit: Unit; entry: Unit['due'][number] } | undefined
    let soonest = now + 1000
    for (const unit of this.#units.values()) {
      for (const entry of unit.failures > 0 ? unit.due.slice(0, 1) : unit.due) {
        const at = unit.failures > 0 ? unit.retryAt : entry.at
        if (at > now) soonest = Math.min(soonest, at)
        else if (
          !best ||
          rank[entry.block.poll] < rank[best.entry.block.poll] ||
          (entry.block.poll === best.entry.block.poll && entry.at < best.entry.at)
        )
          best = { unit, entry }
      }
    }
    return best ? { unit: best.unit.id, block: best.entry.block } : { waitMs: Math.max(1, soonest - now) }
  }

  #nextProbe(now: number): Turn | { waitMs: number } {
    if (now < this.#probeAt) return { waitMs: Math.max(1, this.#probeAt - now) }
    const units = [...this.#units.values()]
    const unit = units[this.#probe++ % units.length]
    const block = unit?.due[0]?.block
    this.#probeAt = now + 1000
    return unit && block ? { unit: unit.id, block } : { waitMs: 1000 }
  }

  /** The unit answered. Returns true when it, or the bus, has just come back. */
  answered(unitId: string, block: Block, now: number): boolean {
    const unit = this.#units.get(unitId)
    if (!unit) return false
    const back = unit.lost || this.#busLost
    this.#lastGood = now
    this.#silentUnits.clear()
    if (this.#busLost) {
      this.#busLost = false
      for (const u of this.#units.values()) this.#wake(u, now)
    } else if (unit.failures > 0) this.#wake(unit, now)
    for (const entry of unit.due) {
      // Keep the beat: the next turn is one period after the last was due, unless we are late already.
      if (entry.block === block) entry.at = Math.max(entry.at + block.periodMs, now + block.periodMs / 2)
    }
    return back
  }

  #wake(unit: Unit, now: number) {
    Object.assign(unit, { failures: 0, firstFailure: undefined, lost: false })
    for (const entry of unit.due) entry.at = now
  }

  /** The unit did not answer (or answered rubbish). Returns what that loses, if anything new. */
  failed(unitId: string, now: number): Loss | undefined {
    const unit = this.#units.get(unitId)
    if (!unit || this.#busLost) return undefined
    unit.failures++
    unit.firstFailure ??= now
    this.#silentUnits.add(unitId)
    const pause = retryPausesMs[Math.min(retryPausesMs.length - 1, Math.max(0, unit.failures - triesBeforeLost))] ?? 5000
    unit.retryAt = now + (unit.failures < triesBeforeLost ? 50 : pause)
    const others = this.#units.size > 1
    if (others && this.#silentUnits.size > 1 && now - this.#lastGood > busSilenceMs) return this.loseBus(now)
    const othersAnswer = !others || this.#lastGood > unit.firstFailure
    if (!unit.lost && unit.failures >= triesBeforeLost && othersAnswer) {
      unit.lost = true
      return 'no-answer'
    }
    return undefined
  }

  /** Nothing on the bus can be reached (connection refused, or nobody answers). */
  loseBus(now: number): Loss | undefined {
    if (this.#busLost) return undefined
    this.#busLost = true
    this.#probeAt = now + 500
    return 'bus-lost'
  }
}
