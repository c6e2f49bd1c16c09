import type { PollClass } from '#contract/profile'
import type { Block } from './blocks.ts'
import { LossBudget } from './lossBudget.ts'
import { Pace } from './pace.ts'

export type Turn = { unit: string; block: Block; deadlineMs: number }
/** How a try went wrong: nothing came, the unit answered something else than what was asked, or its answer came too late. */
export type Failure = { answered: boolean; costMs: number }
/** What a failure loses: the unit, the whole bus, or only this block of a unit that otherwise answers. */
export type Loss = 'unit' | 'bus' | 'block'
/** What an answer brings back: the bus (with the units that are still lost on it), the unit, the block. */
export type Return = { bus: boolean; unit: boolean; block: boolean; stillLost: string[] }

type Entry = {
  block: Block
  at: number
  phaseMs: number
  failures: number
  failingSince: number
  lost: boolean
  readAt: number | undefined
}
type Unit = {
  id: string
  blocks: readonly Block[]
  entries: Entry[]
  failures: number
  failingSince: number
  /** Blocks that have failed since the unit last answered. */
  failed: Set<Block>
  retryAt: number
  lost: boolean
  heardAt: number
  /** Its slowest recent answer, ms. */
  slowest: number | undefined
  lateAt: number
  /** Its last failure was an answer, only not the right one: it is lost, but not silent. */
  answersBadly: boolean
}

const triesBeforeLost = 3
/** Growing pauses between tries at what is lost, at most 5 s (faults.md). */
const retryPausesMs = [500, 1000, 2000, 4000, 5000]
const quickRetryMs = 50
const busSilenceMs = 2000
const probePauseMs = 200
/** Timers come a little late. */
const probeSlackMs = 30
/** A block that the unit refuses for good is asked for again now and then. */
const refusedPauseMs = 5000
const firstDeadlineMs = 300
/** Of further tries at a unit in doubt: shorter than the fastest period, they keep nobody waiting for two of them. */
const probeDeadlineMs = 180
/** Where try after try is in vain: what is there is soon found, and what is slow is heard late. */
const scanDeadlineMs = 120
/** A unit is not called lost before it has been silent for so long. */
const lostAfterMs = 1500
/** A unit whose late answers were heard lately is late, not silent. */
const lateForMs = 15_000
const longestDeadlineMs = 3000
const silentPeriods = 3
const shortestSilenceMs = 1000
/** So long after two failures in a row whoever has proved to live goes first. */
const waveMs = 2000
const rank: Record<PollClass, number> = { alarm: 0, value: 1, slow: 2 }

const pauseAfter = (failures: number) =>
  failures < triesBeforeLost
    ? quickRetryMs
    : (retryPausesMs[Math.min(retryPausesMs.length - 1, failures - triesBeforeLost)] ?? 5000)

/**
 * Whose turn it is on one bus, as a state machine without sockets or timers (after OpenEMS, style.md §1): the worker asks
 * `next`, does what it is told, and says how it went. What is most late for its period comes first, so that no class starves
 * another; what is dead is tried from a budget, so that it cannot starve the living; one dead block, one silent unit and a
 * silent bus are told apart.
 */
export class Turns {
  readonly #units = new Map<string, Unit>()
  readonly #budget: LossBudget
  readonly #pace = new Pace()
  readonly #fastestMs: number
  #lastGood: number
  #failedAt = [-Infinity, -Infinity]
  /** Tries in vain since anybody answered. */
  #inVain = 0
  #busLost = false
  #probe = 0
  #probeAt = 0
  #named = false

  /** `offset` (0 to 1) shifts the beats of this bus against those of others, so that requests do not come in bursts. */
  constructor(units: ReadonlyMap<string, readonly Block[]>, now: number, offset = 0) {
    this.#lastGood = now
    this.#budget = new LossBudget(now)
    this.#fastestMs = Math.min(...[...units.values()].flat().map(b => b.periodMs))
    for (const [index, [id, blocks]] of [...units].entries()) {
      const share = (index / units.size + offset) % 1
      const entries = blocks.map(block => entryOf(block, now, block.periodMs * share))
      const failed = new Set<Block>()
      this.#units.set(id, {
        id,
        blocks,
        entries,
        failures: 0,
        failingSince: now,
        failed,
        retryAt: now,
        lost: false,
        heardAt: now,
        slowest: undefined,
        lateAt: -Infinity,
        answersBadly: false,
      })
    }
  }

  /** Units not heard for three of their periods, and how late the fastest reads come. */
  figures(now: number): { silent: number; of: number; pace: number | null } {
    const units = [...this.#units.values()]
    return {
      silent: units.filter(u => !u.answersBadly && now - u.heardAt > silenceOf(u)).length,
      of: units.length,
      pace: this.#pace.p90,
    }
  }

  /** The read that is most late for its period, or the time until one is due. */
  next(now: number): Turn | { waitMs: number } {
    if (this.#busLost) return this.#nextProbe(now)
    const wave = now - (this.#failedAt[0] ?? -Infinity) < waveMs
    // In a wave of failures whoever may live is looked for first; otherwise what is in doubt takes its turn.
    const doubtful = wave && this.#someoneDue(now) ? { at: Infinity } : this.#nextDoubtful(now)
    if ('unit' in doubtful) return doubtful
    let best: { unit: Unit; entry: Entry; proven: boolean; lateness: number } | undefined
    let soonest = Math.min(now + 1000, doubtful.at)
    for (const unit of this.#units.values()) {
      if (unit.failures > 0) continue
      for (const entry of unit.entries) {
        soonest = Math.min(soonest, entry.at)
        if (entry.at > now) continue
        const lateness = (now - entry.at) / entry.block.periodMs
        const proven = wave && unit.heardAt > (this.#failedAt[1] ?? 0)
        if (!best || isBefore({ entry, proven, lateness }, best)) best = { unit, entry, proven, lateness }
      }
    }
    return best ? this.#turnOf(best.unit, best.entry, now) : { waitMs: Math.max(1, soonest - now) }
  }

  #someoneDue(now: number): boolean {
    for (const u of this.#units.values()) if (u.failures === 0 && u.entries.some(e => e.at <= now)) return true
    return false
  }

  /** A try at a unit in doubt, if one is due and may be paid for; otherwise when one may be. */
  #nextDoubtful(now: number): Turn | { at: number } {
    const units = [...this.#units.values()]
    const doubtful = units.filter(u => u.failures > 0)
    if (doubtful.length === 0) return { at: Infinity }
    const due = doubtful.filter(u => u.retryAt <= now)
    if (due.length === 0) return { at: Math.min(...doubtful.map(u => u.retryAt)) }
    // By turns one that is not named yet, the nearest to its name first, and one that is lost, the longest untried first.
    const unnamed = due.filter(u => !u.lost).toSorted((a, b) => b.failures - a.failures || a.retryAt - b.retryAt)
    const lost = due.filter(u => u.lost).toSorted((a, b) => a.retryAt - b.retryAt)
    const unit = (this.#named ? lost[0] : undefined) ?? unnamed[0] ?? lost[0]
    if (!unit) return { at: Infinity }
    // One that was heard late is expected when it usually answers, not at the end of its deadline.
    const cost = this.isLate(unit.id, now) ? costOf(unit.slowest ?? 0) : costOf(this.#deadlineOf(unit, now))
    const someoneLives = doubtful.length < units.length
    if (someoneLives && !this.#budget.allows(cost, now)) return { at: this.#budget.allowedAt(cost, now) }
    this.#named = !unit.lost
    const entry = likeliest(unit)
    return entry ? this.#turnOf(unit, entry, now) : { at: Infinity }
  }

  #turnOf(unit: Unit, entry: Entry, now: number): Turn {
    return { unit: unit.id, block: entry.block, deadlineMs: this.#deadlineOf(unit, now) }
  }

  /** How long a unit is waited for: many times what it usually takes, so that a slow one is never called dead. */
  #deadlineOf(unit: Unit, now: number): number {
    const inVain = this.#inVain >= triesBeforeLost && unit.failures === 0
    const least = inVain ? scanDeadlineMs : unit.failures > 0 ? probeDeadlineMs : firstDeadlineMs
    // What once was slow is no reason to wait for what is silent now: a late answer would be heard.
    const usual = unit.failures > 0 && !this.isLate(unit.id, now) ? 0 : (unit.slowest ?? 0) * 4
    return Math.min(longestDeadlineMs, Math.max(least, Math.round(usual)))
  }

  #nextProbe(now: number): Turn | { waitMs: number } {
    if (now < this.#probeAt) return { waitMs: Math.max(1, this.#probeAt - now) }
    this.#probeAt = now + probePauseMs
    const units = [...this.#units.values()]
    const unit = units[this.#probe++ % Math.max(1, units.length)]
    const entry = unit?.entries[0]
    return unit && entry ? this.#turnOf(unit, entry, now) : { waitMs: probePauseMs }
  }

  answered(unitId: string, block: Block, now: number, tookMs = 0): Return {
    const unit = this.#units.get(unitId)
    if (!unit) return { bus: false, unit: false, block: false, stillLost: [] }
    const bus = this.#busLost
    const back = bus || unit.lost
    this.#lastGood = now
    this.#inVain = 0
    this.#busLost = false
    if (bus) for (const u of this.#units.values()) if (u !== unit) (u.lost ? retryNow : wake)(u, now)
    if (back) wake(unit, now)
    // A device that was restarting may have refused what it has: it is asked for its blocks whole again.
    if (back && unit.entries.length > unit.blocks.length)
      unit.entries = unit.blocks.map((b, i) => entryOf(b, now, unit.entries[i]?.phaseMs ?? 0))
    Object.assign(unit, {
      failures: 0,
      heardAt: now,
      lateAt: -Infinity,
      answersBadly: false,
      slowest: Math.max(tookMs, (unit.slowest ?? 0) * 0.98),
    })
    unit.failed.clear()
    const entry = unit.entries.find(e => e.block === block)
    const wasLost = entry?.lost === true
    if (entry) {
      if (entry.readAt !== undefined && block.periodMs === this.#fastestMs) this.#pace.note(now - entry.readAt, block.periodMs)
      Object.assign(entry, { failures: 0, lost: false, readAt: now, at: nextBeat(now, block.periodMs, entry.phaseMs) })
    }
    const stillLost = bus ? [...this.#units.values()].filter(u => u.lost).map(u => u.id) : []
    return { bus, unit: back, block: wasLost, stillLost }
  }

  /** An answer of this unit came after its deadline: it lives, and is given longer. */
  heardLate(unitId: string, ms: number, now: number) {
    const unit = this.#units.get(unitId)
    if (unit) Object.assign(unit, { slowest: Math.max(unit.slowest ?? 0, ms), lateAt: now })
  }

  isLate(unitId: string, now: number): boolean {
    return now - (this.#units.get(unitId)?.lateAt ?? -Infinity) < lateForMs
  }

  /** No answer, or none to what was asked. Returns what that loses, once. */
  failed(unitId: string, block: Block | undefined, now: number, { answered, costMs }: Failure): Loss | undefined {
    const unit = this.#units.get(unitId)
    if (!unit || this.#busLost) return undefined
    this.#budget.spend(costOf(costMs), now)
    this.#failedAt = [this.#failedAt[1] ?? -Infinity, now]
    unit.answersBadly = answered
    if (answered) unit.heardAt = now
    this.#inVain = answered ? 0 : this.#inVain + 1
    if (answered) this.#lastGood = now
    if (unit.failures === 0) unit.failingSince = now - costMs
    unit.failures++
    // What answers, though badly, costs nothing: it is soon known whether it refuses everything.
    unit.retryAt = now + (answered && !unit.lost ? quickRetryMs : pauseAfter(unit.failures))
    const entry = unit.entries.find(e => e.block === block)
    if (entry) {
      if (entry.failures++ === 0) entry.failingSince = now - costMs
      entry.at = now + (entry.lost && answered ? refusedPauseMs : pauseAfter(entry.failures))
      unit.failed.add(entry.block)
    }
    const alone = this.#units.size === 1
    const nobodyAnswers = [...this.#units.values()].every(u => u.failures > 0)
    if (!alone && nobodyAnswers && now - this.#lastGood > busSilenceMs) return this.loseBus(now)
    // What answers is lost only when it refuses everything; what is silent, when three of its blocks, or all, were in vain.
    const enough = answered ? unit.entries.length : Math.min(triesBeforeLost, unit.entries.length)
    // While nobody else has answered meanwhile, it may as well be the bus.
    const alive = answered || alone || this.#lastGood > unit.failingSince
    const long = alive && (answered || now - unit.heardAt >= lostAfterMs)
    if (!unit.lost && unit.failures >= triesBeforeLost && unit.failed.size >= enough && long) {
      unit.lost = true
      return 'unit'
    }
    if (unit.lost || !entry || entry.lost || entry.failures < triesBeforeLost || unit.entries.length === 1) return undefined
    // Of a unit that has not answered anything else meanwhile, nobody knows yet whether it is the block.
    if (!unit.entries.some(e => e !== entry && (e.readAt ?? -Infinity) > entry.failingSince)) return undefined
    entry.lost = true
    return 'block'
  }

  /** Nothing on the bus can be reached (connection refused, or nobody answers). */
  loseBus(now: number): Loss | undefined {
    if (this.#busLost) return undefined
    this.#busLost = true
    this.#probeAt = now + probePauseMs
    return 'bus'
  }

  isLost(unitId: string): boolean {
    return !this.#busLost && this.#units.get(unitId)?.lost === true
  }

  /** True while no unit of the bus answers: only then is the connection itself in doubt. */
  get nobodyAnswers(): boolean {
    return [...this.#units.values()].every(u => u.failures > 1)
  }

  /** Part of a block does not exist in this device: its parts are read apart from now on. */
  split(unitId: string, block: Block, parts: readonly Block[], now: number) {
    const unit = this.#units.get(unitId)
    const old = unit?.entries.find(e => e.block === block)
    if (!unit || !old) return
    const fresh = parts.map(part => entryOf(part, now, old.phaseMs))
    unit.entries = unit.entries.flatMap(e => (e === old ? fresh : [e]))
    Object.assign(unit, { failures: 0, heardAt: now })
    unit.failed.clear()
    this.#lastGood = now
  }
}

const entryOf = (block: Block, at: number, phaseMs: number): Entry => ({
  block,
  at,
  phaseMs,
  failures: 0,
  failingSince: at,
  lost: false,
  readAt: undefined,
})

type Candidate = { entry: Entry; proven: boolean; lateness: number }
const isBefore = (a: Candidate, b: Candidate): boolean => {
  if (a.proven !== b.proven) return a.proven
  if (a.lateness !== b.lateness) return a.lateness > b.lateness
  return rank[a.entry.block.poll] < rank[b.entry.block.poll]
}

/** What a try in vain costs the living units of the bus. */
const costOf = (tookMs: number) => (tookMs <= probeDeadlineMs + probeSlackMs ? tookMs / 5 : tookMs)

const silenceOf = (unit: Unit): number =>
  Math.max(shortestSilenceMs, silentPeriods * Math.min(...unit.entries.map(e => e.block.periodMs)))

/** The beat of a period that is at least half of it away; each unit has its own phase, so that they do not come in bursts. */
const nextBeat = (now: number, periodMs: number, phaseMs: number) =>
  Math.ceil((now + periodMs / 2 - phaseMs) / periodMs) * periodMs + phaseMs

/** Of a unit in doubt only one block is tried: one that has not failed yet, so that a dead block is not a dead unit. */
const likeliest = (unit: Unit): Entry | undefined => unit.entries.toSorted((a, b) => a.failures - b.failures || a.at - b.at)[0]

const wake = (unit: Unit, now: number) => {
  Object.assign(unit, { failures: 0, lost: false, retryAt: now })
  for (const entry of unit.entries) entry.at = now
}

const retryNow = (unit: Unit, now: number) => {
  unit.retryAt = now
}
