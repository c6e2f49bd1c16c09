import { type CommandStep, isFinalStep, type Refusal } from '#contract/journal'
import type { Command } from '#contract/messages'
import { type PointRef, refOf, splitRef } from '#contract/names'
import { type Cause, level } from '#contract/priority'
import type { ProfilePoint } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import { type PointAct, refuseHold, tooLate } from '../domain/commandCheck.ts'
import { ConsoleClock } from '../domain/consoleClock.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { FireLinkage } from './fireLinkage.ts'
import type { PriorityArrays } from './priorityArrays.ts'
import type { Writer } from './writer.ts'

type Options = {
  arrays: PriorityArrays
  image: ProcessImage
  writer: Pick<Writer, 'start' | 'againstFireInput'>
  fire: FireLinkage
  pointOf(ref: PointRef): ProfilePoint | undefined
  commit(effects: Effect[]): void
  mono(): number
  wall(): number
}

type Kept = { at: number; step: CommandStep; point: PointRef; level: number; value: Scalar }
type CompartmentAct = Exclude<Command['act'], PointAct>
const levelOf = (act: PointAct) => (act.kind === 'let-pass' ? level.operator : act.level)
const endOf = (act: Exclude<PointAct, { kind: 'release' }>, now: number) =>
  act.kind === 'let-pass' ? now + act.seconds * 1000 : act.until

/** Ids are remembered for a day: a command is never valid for longer than ten minutes. */
const rememberMs = 86_400_000
const pruneEveryMs = 600_000
const restart: Cause = { id: 'restart', what: { zh: '代理重启', en: 'agent restart' } }

/** Receives commands: each id has one effect for ever, and every refusal has its reason (design §3, §4). */
export class CommandDesk {
  readonly #o: Options
  /** Ids of commands that have come, and when (wall). */
  readonly #seen: Map<string, number>
  readonly #clock = new ConsoleClock()
  #prunedAt = -Infinity

  constructor(o: Options, kept: ReadonlyMap<string, unknown>) {
    this.#o = o
    this.#seen = new Map([...kept].map(([id, body]) => [id, (body as Kept).at]))
  }

  /** Commands that were on their way when the agent died: their outcome is not known, so they failed, and no hold stays. */
  closeInterrupted(kept: ReadonlyMap<string, unknown>) {
    const at = this.#o.wall()
    for (const [id, body] of kept) {
      const k = body as Kept
      if (isFinalStep(k.step)) continue
      const { point, value } = k
      const causes = this.#o.arrays.holder(point, k.level)?.causes ?? [restart]
      const outcome = { step: 'failed' as const, reason: 'link-lost-while-waiting' as const, sinceAcceptedMs: 0 }
      this.#o.commit([
        { keep: 'command', key: id, body: { ...k, step: 'failed' } },
        ...this.#o.arrays.clear(point, k.level),
        { record: { type: 'command', at, id, point, value, level: k.level, causes, ...outcome } },
      ])
    }
  }

  /** Old ids are forgotten now and then, also in an agent that runs for years. */
  prune(mono: number) {
    if (mono - this.#prunedAt < pruneEveryMs) return
    this.#prunedAt = mono
    const oldest = this.#o.wall() - rememberMs
    const old = [...this.#seen].filter(([, at]) => at < oldest).map(([id]) => id)
    for (const id of old) this.#seen.delete(id)
    if (old.length > 0) this.#o.commit(old.map(key => ({ forget: 'command', key })))
  }

  onConsoleClock(clock: number, session: string) {
    this.#clock.hear(clock, session, this.#o.mono())
  }

  receive(command: Command) {
    // A duplicate has no second effect, also across restarts: its outcome is in the journal already.
    if (this.#seen.has(command.id)) return
    this.#seen.set(command.id, this.#o.wall())
    const late = tooLate(command, this.#clock.now(this.#o.mono()))
    if (late) return this.#answer(command, late === 'ttl-passed' ? 'expired' : 'refused', late, [])
    if ('point' in command.act) this.#hold(command, command.act)
    else this.#atFire(command, command.act)
  }

  #hold(command: Command, act: PointAct) {
    const [device] = splitRef(act.point)
    const { arrays, writer, image } = this.#o
    const fireInput = act.kind !== 'release' && writer.againstFireInput(act.point, act.value)
    const stands = { linkOk: image.linkOk(device), fireInput }
    const refusal = refuseHold(act, this.#o.pointOf(act.point), stands, arrays.of(act.point), this.#o.wall())
    if (refusal) return this.#answer(command, 'refused', refusal, [])
    const since = this.#o.wall()
    const causes = [command.by]
    const change =
      act.kind === 'release'
        ? arrays.clear(act.point, act.level)
        : arrays.put(act.point, { level: levelOf(act), value: act.value, causes, since, until: endOf(act, since) })
    this.#answer(command, 'accepted', null, change)
    writer.start(act.point, { id: command.id, level: levelOf(act), causes, operator: true })
  }

  /** Acts about a compartment are done with their record: the points follow, each with its own read-back. */
  #atFire(command: Command, act: CompartmentAct) {
    const { fire } = this.#o
    const { compartment } = act
    const result = {
      'release-fire': () => fire.release(compartment, command.by),
      'start-fire': () => fire.startByHand(compartment, command.by),
      'begin-test': () => fire.beginTest(compartment, command.by, act.kind === 'begin-test' ? act.until : 0),
      'end-test': () => fire.endTest(compartment, command.by),
    }[act.kind]()
    if (typeof result === 'string') return this.#answer(command, 'refused', result, [])
    this.#answer(command, 'confirmed', null, result.effects)
    if (act.kind === 'end-test') fire.look(compartment)
  }

  #answer(command: Command, step: CommandStep, reason: Refusal | null, also: Effect[]) {
    const { act, id, by } = command
    const about =
      'point' in act
        ? { point: act.point, level: levelOf(act), value: act.kind === 'release' ? null : act.value }
        : { point: this.#o.fire.panelOf(act.compartment) ?? refOf('unknown', 'unknown'), level: level.fire, value: null }
    const at = this.#o.wall()
    this.#o.commit([
      { keep: 'command', key: id, body: { at, step, ...about } satisfies Kept },
      ...also,
      { record: { type: 'command', at, id, step, ...about, causes: [by], reason, sinceAcceptedMs: 0 } },
    ])
  }
}
