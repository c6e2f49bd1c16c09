import type { PointValue } from '#contract/quality'
import type { DeskEar } from './deskEar.ts'
import { names, type WireFault } from './faultNames.ts'
import { isGoodSince, readingOf } from './faultReading.ts'
import type { LanePlan } from './faultySite.ts'
import { HostileDevice } from './hostileDevice.ts'
import type { Ledger } from './knownValues.ts'

export type Outcome = {
  fault: string
  beside: boolean
  /** Values called good that were never served, and alarms out of nothing. */
  wrong: string[]
  unwell: string | undefined
  read: string
  expected: string
  misnamed: boolean
  namedS: number
  backS: number | undefined
  neighbourAwayS: number
  trouble: string[]
}

const lookMs = 50
const refreshMs = 500
const nameLimitMs = 10_000
/** So long a fault lasts at least, and so long a name must have stood. */
const leastMs = 3000
const stoodMs = 1000
/** What should stay good, or become good again by itself, is watched longer. */
const goodMs = 5000
const adaptMs = 8000
const backLimitMs = 12_000
const backPatienceMs = 30_000
const neighbourLimitS = 3

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
const seconds = (ms: number) => Math.round(ms / 100) / 10

/** One Modbus port with its hostile device: puts on one fault after the other and watches what the agent makes of it. */
export class FaultLane {
  readonly #slack: number
  readonly #plan: LanePlan
  readonly #ledger: Ledger
  readonly #device: HostileDevice
  #ear: DeskEar | undefined
  #isWell: () => Promise<string | undefined> = async () => undefined
  #refreshing: NodeJS.Timeout | undefined
  #wrong: string[] = []
  #mayRaise = false
  readonly #judged = new Map<string, number>()

  /** `slack`: how many times the limit for being good again may be taken; a machine that stands still now and then is no fault of the agent. */
  constructor(plan: LanePlan, ledger: Ledger, slack: number) {
    this.#slack = slack
    this.#plan = plan
    this.#ledger = ledger
    const units = [plan.device, plan.neighbour].flatMap((id, i) => (id ? [[i + 1, id] as const] : []))
    this.#device = new HostileDevice(plan.port, new Map(units), ledger)
  }

  open() {
    return this.#device.put({})
  }

  close() {
    return this.#device.close()
  }

  listen(ear: DeskEar, isWell: () => Promise<string | undefined>) {
    this.#ear = ear
    this.#isWell = isWell
    // Whole states carry the times of values that did not change, too.
    this.#refreshing = setInterval(() => {
      for (const id of [this.#plan.device, this.#plan.neighbour]) if (id) void ear.refresh(id)
    }, refreshMs)
  }

  leave() {
    clearInterval(this.#refreshing)
  }

  owns(device: string) {
    return device === this.#plan.device || device === this.#plan.neighbour
  }

  get good() {
    return this.#goodSince(0)
  }

  hear(device: string, values: Readonly<Record<string, PointValue>>) {
    for (const [key, { v, q, t }] of Object.entries(values)) {
      const ref = `${device}/${key}`
      if (q !== 'good' || this.#judged.get(ref) === t) continue
      this.#judged.set(ref, t)
      if (!this.#ledger.allows(device, key, v, t)) this.#wrong.push(`${ref} = ${String(v)}`)
    }
  }

  hearAlarm(key: string) {
    if (key.endsWith('/b0') && !this.#mayRaise) this.#wrong.push(`alarm ${key}`)
  }

  async run(fault: WireFault, lingerMs: number): Promise<Outcome> {
    const beside = this.#plan.neighbour !== undefined
    const before = await this.#untilGood(Date.now() - lookMs)
    this.#wrong = []
    this.#mayRaise = fault.raises === true
    await this.#device.put(fault)
    const seen = await this.#watch(fault)
    await pause(lingerMs)
    const during = await this.#isWell()
    await this.#device.put({})
    const backMs = await this.#untilGood(Date.now())
    this.#mayRaise = false
    const unwell = during ?? (await this.#isWell())
    const wrong = this.#wrong
    const where = `${fault.name} (${beside ? 'beside' : 'alone'})`
    const expected = fault.reads.join(' or ')
    const misnamed = !seen.right
    const trouble = [
      ...(before === undefined ? [`${where}: not good before it`] : []),
      ...(wrong.length > 0 ? [`${where}: ${wrong.length} wrong values called good, such as ${wrong[0]}`] : []),
      ...(unwell ? [`${where}: the agent ${unwell}`] : []),
      ...(misnamed ? [`${where}: reads ${seen.read}, not ${expected}`] : []),
      ...(backMs === undefined || backMs > this.#slack * backLimitMs
        ? [`${where}: not good again in ${(this.#slack * backLimitMs) / 1000} s`]
        : []),
      ...(seen.neighbourAwayS > neighbourLimitS ? [`${where}: its neighbour was away for ${seen.neighbourAwayS} s`] : []),
    ]
    const backS = backMs === undefined ? undefined : seconds(backMs)
    return { fault: fault.name, beside, wrong, unwell, expected, misnamed, backS, trouble, ...seen }
  }

  /** Watches until the right name has stood for a while, or the time for it is over. */
  async #watch(fault: WireFault) {
    const start = Date.now()
    const staysGood = fault.reads.join() === names.good && !fault.adapts
    const least = staysGood ? goodMs : fault.adapts ? adaptMs : leastMs
    const limit = Math.max(least, fault.limitMs ?? nameLimitMs)
    let read = ''
    let since = start
    let last = start
    let awayMs = 0
    for (;;) {
      const now = Date.now()
      const reading = this.#reading(now)
      const text = reading.join(' + ')
      if (text !== read) since = now
      read = text
      if (this.#neighbourAway()) awayMs += now - last
      last = now
      const right = reading.some(r => fault.reads.includes(r))
      const result = { read, right, namedS: seconds(since - start), neighbourAwayS: seconds(awayMs) }
      // One moment that is not good is enough where it should stay so.
      if (staysGood && !right && now - start > 2 * lookMs) return result
      if (now - start >= least && (now - start >= limit || (right && now - since >= stoodMs))) return result
      await pause(lookMs)
    }
  }

  #reading(now: number): string[] {
    return this.#ear ? readingOf(this.#ear, this.#plan, now) : []
  }

  #neighbourAway() {
    return this.#plan.neighbour !== undefined && this.#ear?.devices.get(this.#plan.neighbour)?.link.ok !== true
  }

  #goodSince(since: number) {
    return this.#ear !== undefined && isGoodSince(this.#ear, this.#plan, since, Date.now()) && !this.#neighbourAway()
  }

  /** How long it took until everything was good and newly read, in ms; undefined when it took too long to wait for. */
  async #untilGood(since: number): Promise<number | undefined> {
    while (Date.now() - since < backPatienceMs) {
      if (this.#goodSince(since)) return Date.now() - since
      await pause(lookMs)
    }
    return undefined
  }
}
