import { type PointRef, refOf, type Words } from '#contract/names'
import { level, winner } from '#contract/priority'
import type { Node } from '../domain/demand.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { PriorityArrays } from './priorityArrays.ts'
import type { Watch, WatchTools } from './watch.ts'

const delayMs = 30_000

type Options = {
  /** Feeders only: AHUs and plant. A zone that is held is held on purpose. */
  feeders: readonly (Node & { name: Words })[]
  arrays: PriorityArrays
  wantedButHeld(): PointRef[]
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

const keyOf = (node: Node) => `held/${node.device}`

/** "Wanted but held" is a published fact and, after its delay, an alarm (design §4). */
export class HeldDemand {
  readonly #o: Options
  readonly #since = new Map<PointRef, number>()

  constructor(o: Options) {
    this.#o = o
  }

  get keys(): string[] {
    return this.#o.feeders.map(keyOf)
  }

  step(mono: number): Effect[] {
    // At a fire, and during a minimum time, everybody knows why it stands still.
    const held = this.#o.wantedButHeld().filter(ref => {
      const by = winner(this.#o.arrays.of(ref))?.level
      return by === level.protection || by === level.operator
    })
    for (const ref of this.#since.keys()) if (!held.includes(ref)) this.#since.delete(ref)
    for (const ref of held) if (!this.#since.has(ref)) this.#since.set(ref, mono)
    return this.#o.feeders.flatMap(node => {
      const since = this.#since.get(refOf(node.device, node.command))
      const alarm = {
        key: keyOf(node),
        level: 3 as const,
        kind: 'held' as const,
        device: node.device,
        place: null,
        name: { zh: `${node.name.zh} 有需求但被占住`, en: `${node.name.en}: wanted but held` },
      }
      const stays = this.#o.stands(alarm.key)
      return this.#o.setAlarm(alarm, since !== undefined && (stays || mono - since >= delayMs))
    })
  }
}

export const watchHeldDemand = ({ nodes, devices, arrays, wantedButHeld, stands, setAlarm }: WatchTools): Watch => {
  const nameOf = (id: string) => devices.find(d => d.id === id)?.name ?? { zh: id, en: id }
  const feeders = nodes.filter(n => !n.zone).map(n => ({ ...n, name: nameOf(n.device) }))
  const held = new HeldDemand({ feeders, arrays, wantedButHeld, stands, setAlarm })
  return { keys: held.keys, step: at => held.step(at.mono) }
}
