import { level } from '#contract/priority'
import type { Effect } from '../memory/edgeMemory.ts'
import type { EquipmentGuard } from './equipmentGuard.ts'
import type { PriorityArrays } from './priorityArrays.ts'
import type { ProgrammeKeeper } from './programmeKeeper.ts'

type Options = {
  arrays: PriorityArrays
  guard: EquipmentGuard
  programme: ProgrammeKeeper
  commit(effects: readonly Effect[]): void
}

/**
 * Brings all arrays to where they must stand now, in their order: what has ended goes, protection comes before the programme,
 * whose demand follows it, and minimum times take on what has switched. Done before anything is written, so that no device
 * ever sees a value that is not the winner of its array at that moment.
 */
export class Decider {
  readonly #o: Options

  constructor(o: Options) {
    this.#o = o
  }

  settle(wall: number) {
    const { arrays, guard, programme, commit } = this.#o
    // A fire's entries have no end; the programme writes its own levels anew.
    for (const { ref, holder } of arrays.expired(wall)) if (holder.level !== level.fire) commit(arrays.clear(ref, holder.level))
    commit(guard.protect(wall))
    commit(programme.step(wall))
    commit(guard.settle(wall))
  }

  /** After an exchange, when many come a second: what depends on values, and all of it only when an entry has just ended. */
  afterExchange(wall: number) {
    if (this.#o.arrays.soonestEnd <= wall) return this.settle(wall)
    this.#o.commit([...this.#o.guard.protect(wall), ...this.#o.guard.settle(wall)])
  }
}
