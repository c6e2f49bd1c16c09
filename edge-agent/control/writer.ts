import { ulid } from 'ulid'
import type { CommandStep, Refusal } from '#contract/journal'
import { type PointRef, splitRef } from '#contract/names'
import { type Cause, level, winner } from '#contract/priority'
import type { ProfilePoint } from '#contract/profile'
import { isTrusted, type Scalar } from '#contract/quality'
import { againstFireInput, inputBefore } from '../domain/fireInput.ts'
import type { ProcessImage } from '../domain/image.ts'
import { judge, matches, type Waiting } from '../domain/readBack.ts'
import type { Written } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { PriorityArrays } from './priorityArrays.ts'

type Job = {
  id: string
  ref: PointRef
  value: Scalar
  level: number
  causes: Cause[]
  /** A person waits for this one; when it fails, its hold is withdrawn. */
  operator: boolean
  acceptedAt: number
  step: 'queued' | 'writing' | 'written'
  /** The answer was lost: whether the device has taken it, only its read-back tells. */
  unanswered: boolean
  waiting: Waiting | undefined
}

type Options = {
  arrays: PriorityArrays
  image: ProcessImage
  pointOf(ref: PointRef): ProfilePoint | undefined
  send(ref: PointRef, value: Scalar): Promise<Written>
  commit(effects: Effect[]): void
  mono(): number
  wall(): number
  onWritten(ref: PointRef, value: Scalar, how: Written): void
  /** Points that are not written while nobody holds them. */
  leaveAlone(ref: PointRef): boolean
}

export type Origin = { id: string; level: number; causes: Cause[]; operator: boolean }

const relinquished: Cause = { id: 'relinquished', what: { zh: '无人占用', en: 'Nobody holds it' } }
const retryMs = 15_000
const fireRetryMs = 2000

/**
 * Brings what the arrays say to the devices, one open write a point: accepted -> written -> confirmed by read-back, or
 * failed (design §3). Read first, then write: a device that already stands right is left alone.
 */
export class Writer {
  readonly #o: Options
  readonly #jobs = new Map<PointRef, Job>()
  /** What each point was last told and in whose name, or found to hold already, in nobody's. */
  readonly #told = new Map<PointRef, { value: Scalar; inNameOf: readonly Cause[] | undefined }>()
  readonly #retryAt = new Map<PointRef, number>()
  readonly #writtenAt = new Map<PointRef, number>()
  /** Points in which a device shows something else than it was told, which has been reported, and when they may be written again. */
  readonly #changedByOthers = new Map<PointRef, number>()
  /** Points whose last automatic write failed. */
  readonly #failing = new Set<PointRef>()
  /** Points whose winner is not written because the device's own fire input is active. */
  readonly #withheld = new Set<PointRef>()

  constructor(o: Options) {
    this.#o = o
  }

  /** Starts writing the winner of a point's array on behalf of somebody; an open write of that point is superseded. */
  start(ref: PointRef, origin?: Origin) {
    const old = this.#jobs.get(ref)
    if (old && (old.operator || old.step === 'written')) this.#note(old, 'superseded', 'newer-command')
    const value = this.#o.arrays.value(ref)
    this.#told.set(ref, { value, inNameOf: this.#causes(ref) })
    this.#retryAt.delete(ref)
    this.#jobs.set(ref, { ...this.#ownJob(ref, value), ...origin })
    this.#send(ref)
  }

  /** Whether a value would drive a device away from what it does at a fire, while its own fire input is active. */
  againstFireInput(ref: PointRef, value: Scalar): boolean {
    const [device, key] = splitRef(ref)
    const profile = this.#o.image.devices.get(device)?.profile
    return againstFireInput(profile, key, value, p => this.#o.image.get(`${device}/${p}`))
  }

  /**
   * What we see of a point may already be what its fire input has done: the input is read after it before the point is driven
   * the other way. One that has gone out of sight is not waited for; one of which nothing is known yet is.
   */
  #inputIsOlder(ref: PointRef, job: Job): boolean {
    const [device, key] = splitRef(ref)
    const input = inputBefore(this.#o.image.devices.get(device)?.profile, key, job.value)
    const inputRef = `${device}/${input}`
    if (input === undefined) return false
    const seen = this.#o.image.get(inputRef)
    if (typeof seen?.v !== 'boolean') return true
    if (!isTrusted(seen)) return false
    return (this.#o.image.lastRead(inputRef) ?? -Infinity) < (this.#o.image.lastRead(ref) ?? -Infinity)
  }

  /** Nobody waits longer than for a read-back to hear that a fire input cannot be read. */
  #waits(job: Job, now: number): boolean {
    return !job.operator || now - job.acceptedAt <= (this.#o.pointOf(job.ref)?.write?.limitMs ?? 0)
  }

  isWithheld(ref: PointRef): boolean {
    return this.#withheld.has(ref)
  }

  /** After every exchange with a device, and on every tick. */
  step(device?: string) {
    for (const ref of this.#o.arrays.all.keys()) {
      const [id] = splitRef(ref)
      if (device === undefined || id === device) this.#stepPoint(ref, id)
    }
  }

  /**
   * Writes the winner even if the device seems to hold it already, once in the name of its causes: what becomes of that write,
   * its read-back and its retries tell.
   */
  urge(ref: PointRef) {
    const told = this.#told.get(ref)
    if (told?.inNameOf !== this.#causes(ref) || told?.value !== this.#o.arrays.value(ref)) this.start(ref)
  }

  /** The device came back (or came up): what it holds must be read before anything is assumed of it. */
  forget(device: string) {
    for (const ref of this.#told.keys()) if (splitRef(ref)[0] === device) this.#told.delete(ref)
  }

  #stepPoint(ref: PointRef, device: string) {
    const now = this.#o.mono()
    const job = this.#jobs.get(ref)
    if (!this.#o.image.linkOk(device)) {
      if (job?.operator) this.#fail(job, 'link-lost-while-waiting')
      else if (job) this.#waitForLink(job)
      return
    }
    if (this.#leftToFire(ref, job)) return
    // The winner changed while a write was open: it is overtaken at once, not after its read-back.
    if (job && job.value !== this.#o.arrays.value(ref)) return this.start(ref)
    if (job?.step === 'queued') return this.#waits(job, now) ? this.#send(ref) : this.#fail(job, 'fire-input')
    if (job?.step === 'written') return this.#check(job, now)
    if (job) return
    if (this.#o.arrays.of(ref).holders.length === 0 && this.#o.leaveAlone(ref)) return
    const wanted = this.#o.arrays.value(ref)
    if (this.#told.has(ref)) {
      if (this.#told.get(ref)?.value !== wanted) this.start(ref)
      else if ((this.#retryAt.get(ref) ?? Infinity) <= now) this.start(ref)
      else if (!this.#overwritten(ref, wanted, now)) this.#refresh(ref, wanted, now)
      return
    }
    const read = this.#o.image.get(ref)
    // Nothing is assumed of a device before it was read; what it cannot say of its own command is written anew.
    if (this.#o.image.lastRead(ref) === undefined || read?.q === 'stale') return
    const tolerance = this.#o.pointOf(ref)?.write?.tolerance ?? 0
    if (!isTrusted(read) || !matches(wanted, read.v, tolerance)) return this.start(ref)
    this.#told.set(ref, { value: wanted, inNameOf: undefined })
    this.#foundRight(ref, wanted, read.v)
  }

  /** What was said to have failed stands after all, by whatever way: that is said too. */
  #foundRight(ref: PointRef, value: Scalar, read: Scalar) {
    if (this.#failing.delete(ref)) this.#note(this.#ownJob(ref, value), 'confirmed', null, read)
  }

  /**
   * A device that says that its own hard-wired fire input is active is left alone (design §4). Said once; afterwards what it
   * holds is read before anything is assumed of it.
   */
  #leftToFire(ref: PointRef, job: Job | undefined): boolean {
    const wanted = this.#o.arrays.value(ref)
    if (!this.againstFireInput(ref, wanted)) {
      if (!this.#withheld.delete(ref)) return false
      this.#told.delete(ref)
      this.#o.arrays.news.add(ref)
      return false
    }
    this.#jobs.delete(ref)
    if (job?.operator) this.#note(job, 'failed', 'fire-input', undefined, this.#o.arrays.clear(ref, job.level))
    if (this.#withheld.has(ref)) return true
    this.#withheld.add(ref)
    this.#o.arrays.news.add(ref)
    if (!job?.operator) this.#note(job ?? this.#ownJob(ref, wanted), 'superseded', 'fire-input')
    return true
  }

  #causes(ref: PointRef): readonly Cause[] | undefined {
    return winner(this.#o.arrays.of(ref))?.causes
  }

  /** A job that nobody asked for, under the name of whoever holds the point. */
  #ownJob(ref: PointRef, value: Scalar): Job {
    const best = winner(this.#o.arrays.of(ref))
    const whose = { id: ulid(), level: best?.level ?? 16, causes: best?.causes ?? [relinquished], operator: false }
    return { ...whose, ref, value, acceptedAt: this.#o.mono(), step: 'queued', unanswered: false, waiting: undefined }
  }

  /** Fire and programme wait for a dead device (design §4), but that a fire's action cannot be done is said at once. */
  #waitForLink(job: Job) {
    job.step = 'queued'
    if (job.level > level.fire || this.#failing.has(job.ref)) return
    this.#failing.add(job.ref)
    this.#note(job, 'failed', 'link-lost')
  }

  /**
   * Somebody else changed in the device what stood there: it was rebooted, or switched at its own panel. Reported once,
   * then written again or left so until the array changes, as the profile says.
   */
  #overwritten(ref: PointRef, wanted: Scalar, now: number): boolean {
    const rule = this.#o.pointOf(ref)?.write
    const read = this.#o.image.get(ref)
    const readAt = this.#o.image.lastRead(ref) ?? -Infinity
    if (!rule || !isTrusted(read) || readAt <= (this.#writtenAt.get(ref) ?? -Infinity) + rule.settleMs) return false
    if (matches(wanted, read.v, rule.tolerance)) {
      this.#changedByOthers.delete(ref)
      this.#foundRight(ref, wanted, read.v)
      return false
    }
    // What a device never took, nobody has changed.
    if (this.#failing.has(ref)) return false
    const known = this.#changedByOthers.get(ref)
    if (known === undefined) this.#note(this.#ownJob(ref, wanted), 'superseded', 'overwritten', read.v)
    else if (known > now) return true
    // A device that is switched back again and again is written once in a while, not in a storm.
    this.#changedByOthers.set(ref, now + retryMs)
    if (rule.onOverwrite === 'repeat') this.start(ref)
    return true
  }

  #refresh(ref: PointRef, value: Scalar, now: number) {
    const refreshMs = this.#o.pointOf(ref)?.write?.refreshMs
    const last = this.#writtenAt.get(ref)
    if (refreshMs === undefined) return
    if (last === undefined) this.#writtenAt.set(ref, now)
    else if (now - last >= refreshMs) {
      this.#writtenAt.set(ref, now)
      void this.#o.send(ref, value)
    }
  }

  #send(ref: PointRef) {
    const job = this.#jobs.get(ref)
    if (
      job?.step !== 'queued' ||
      !this.#o.image.linkOk(splitRef(ref)[0]) ||
      this.#leftToFire(ref, job) ||
      this.#inputIsOlder(ref, job)
    )
      return
    job.step = 'writing'
    void this.#o.send(ref, job.value).then(how => {
      if (this.#jobs.get(ref) !== job) return
      if (how === 'refused') return this.#fail(job, 'write-refused')
      if (how === 'unfit') return this.#fail(job, 'out-of-range')
      if (how === 'link-lost') return job.operator ? this.#fail(job, 'link-lost-while-waiting') : this.#waitForLink(job)
      job.unanswered = how === 'no-answer'
      const now = this.#o.mono()
      job.step = 'written'
      job.waiting = { writtenAt: now, matchingSince: undefined }
      this.#writtenAt.set(ref, now)
      this.#o.onWritten(ref, job.value, how)
      // A lost answer is neither a refusal nor a success: nothing is said until it is read back.
      if (!job.unanswered && (!this.#failing.has(ref) || job.operator)) this.#note(job, 'written', null)
    })
  }

  #check(job: Job, now: number) {
    const point = this.#o.pointOf(job.ref)
    if (!point?.write || !job.waiting) return
    const [device, key] = splitRef(job.ref)
    const backRef = `${device}/${point.write.readBack ?? key}`
    const back = this.#o.image.get(backRef)
    const verdict = judge(point.write, job.waiting, job.value, back, this.#o.image.lastRead(backRef), now)
    if (verdict.state === 'waiting') job.waiting = verdict.next
    else if (verdict.state === 'failed') this.#fail(job, job.unanswered ? 'no-answer' : 'no-read-back', back?.v)
    else {
      this.#jobs.delete(job.ref)
      this.#failing.delete(job.ref)
      this.#note(job, 'confirmed', null, back?.v)
    }
  }

  #fail(job: Job, reason: Refusal, read?: Scalar) {
    this.#jobs.delete(job.ref)
    this.#retryAt.set(job.ref, this.#o.mono() + (job.level <= level.fire ? fireRetryMs : retryMs))
    // A hold that the device did not follow must not spring to life later when nobody expects it.
    const withdrawn = job.operator ? this.#o.arrays.clear(job.ref, job.level) : []
    const again = !job.operator && this.#failing.has(job.ref)
    this.#failing.add(job.ref)
    // One record for a series of failures: a device that refuses for an hour must not fill the journal.
    if (!again) this.#note(job, 'failed', reason, read, withdrawn)
  }

  #note(job: Job, step: CommandStep, reason: Refusal | null, read?: Scalar, also: Effect[] = []) {
    const { id, ref, value, level, causes, operator } = job
    const sinceAcceptedMs = Math.round(this.#o.mono() - job.acceptedAt)
    const body = {
      type: 'command' as const,
      at: this.#o.wall(),
      id,
      point: ref,
      step,
      value,
      level,
      causes,
      reason,
      sinceAcceptedMs,
    }
    const kept: Effect[] = operator
      ? [{ keep: 'command', key: id, body: { at: this.#o.wall(), step, point: ref, level, value } }]
      : []
    this.#o.commit([...also, ...kept, { record: read === undefined ? body : { ...body, read } }])
  }
}
