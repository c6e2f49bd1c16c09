import { type CommandStep, isFinalStep, type Refusal } from '#contract/journal'
import type { Command } from '#contract/messages'
import { type PointRef, refOf, splitRef } from '#contract/names'
import { type Cause, level } from '#contract/priority'
import type { ProfilePoint } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import { type ConsoleClock, refuseHold, tooLate } from '../domain/commandCheck.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { FireLinkage } from './fireLinkage.ts'
import type { PriorityArrays } from './priorityArrays.ts'
import type { Writer } from './writer.ts'

type Options = {
  arrays: PriorityArrays
  image: ProcessImage
  writer: Writer
  fire: FireLinkage
  pointOf(ref: PointRef): ProfilePoint | undefined
  compartmentPoint(compartment: string): PointRef | undefined
  commit(effects: Effect[]): void
  mono(): number
  wall(): number
}

type Kept = { at: number; step: CommandStep; point: PointRef; level: number; value: Scalar }
/** Ids are remembered for a day: a command is never valid for longer than ten minutes. */
const rememberMs = 86_400_000

/** Receives commands: each id has one effect for ever, and every refusal has its reason (design §3, §4). */
export class CommandDesk {
  readonly #o: Options
  readonly #seen: Set<string>
  #clock: ConsoleClock

  constructor(o: Options, kept: ReadonlyMap<string, unknown>) {
    this.#o = o
    this.#seen = new Set(kept.keys())
  }

  /** Commands that were on their way when the agent died: their outcome is not known, so they failed, and no hold stays. */
  closeInterrupted(kept: ReadonlyMap<string, unknown>) {
    const at = this.#o.wall()
    for (const [id, body] of kept) {
      const k = body as Kept
      if (!isFinalStep(k.step)) {
        const causes = this.#o.arrays.holder(k.point, k.level)?.causes ?? [
          { id: 'restart', what: { zh: '代理重启', en: 'agent restart' } },
        ]
        const record = {
          type: 'command' as const,
          at,
          id,
          point: k.point,
          step: 'failed' as const,
          value: k.value,
          level: k.level,
          causes,
        }
        this.#o.commit([
          { keep: 'command', key: id, body: { ...k, step: 'failed' } },
          ...this.#o.arrays.clear(k.point, k.level),
          { record: { ...record, reason: 'link-lost-while-waiting', sinceAcceptedMs: 0 } },
        ])
      } else if (at - k.at > rememberMs) {
        this.#seen.delete(id)
        this.#o.commit([{ forget: 'command', key: id }])
      }
    }
  }

  onConsoleClock(clock: number) {
    this.#clock = { clock, heardAt: this.#o.mono() }
  }

  receive(command: Command) {
    // A duplicate has no second effect, also across restarts: its outcome is in the journal already.
    if (this.#seen.has(command.id)) return
    this.#seen.add(command.id)
    const late = tooLate(command, this.#clock, this.#o.mono())
    if (late) return this.#answer(command, late === 'ttl-passed' ? 'expired' : 'refused', late, [])
    if (command.act.kind === 'release-fire') this.#releaseFire(command, command.act.compartment)
    else this.#hold(command, command.act)
  }

  #hold(command: Command, act: Exclude<Command['act'], { kind: 'release-fire' }>) {
    const [device] = splitRef(act.point)
    const { arrays, writer } = this.#o
    const refusal = refuseHold(
      act,
      this.#o.pointOf(act.point),
      this.#o.image.linkOk(device),
      arrays.of(act.point),
      this.#o.wall(),
    )
    if (refusal) return this.#answer(command, 'refused', refusal, [])
    const change =
      act.kind === 'hold'
        ? arrays.put(act.point, {
            level: act.level,
            value: act.value,
            causes: [command.by],
            since: this.#o.wall(),
            until: act.until,
          })
        : arrays.clear(act.point, act.level)
    this.#answer(command, 'accepted', null, change)
    writer.start(act.point, { id: command.id, level: act.level, causes: [command.by], operator: true })
  }

  #releaseFire(command: Command, compartment: string) {
    const result = this.#o.fire.release(compartment)
    if (typeof result === 'string') return this.#answer(command, 'refused', result, [])
    // Released is done: the points fall back to whoever comes next, each with its own read-back.
    this.#answer(command, 'confirmed', null, result.effects)
  }

  #answer(command: Command, step: CommandStep, reason: Refusal | null, also: Effect[]) {
    const act = command.act
    const fallback = refOf('unknown', 'unknown')
    const point = act.kind === 'release-fire' ? (this.#o.compartmentPoint(act.compartment) ?? fallback) : act.point
    const value: Scalar = act.kind === 'hold' ? act.value : null
    const causes: Cause[] = [command.by]
    const at = this.#o.wall()
    this.#o.commit([
      {
        keep: 'command',
        key: command.id,
        body: { at, step, point, level: act.kind === 'release-fire' ? level.fire : act.level, value } satisfies Kept,
      },
      ...also,
      {
        record: {
          type: 'command',
          at,
          id: command.id,
          point,
          step,
          value,
          level: act.kind === 'release-fire' ? level.fire : act.level,
          causes,
          reason,
          sinceAcceptedMs: 0,
        },
      },
    ])
  }
}
