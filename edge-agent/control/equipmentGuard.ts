import { type PointRef, refOf } from '#contract/names'
import { level } from '#contract/priority'
import type { Catalogue } from '#contract/profile'
import type { PointValue } from '#contract/quality'
import type { Device, Site } from '#contract/site'
import { type InterlockRule, interlockRules, protection } from '../domain/interlock.ts'
import { afterChange, capped, type MinimumTimes } from '../domain/minimumTime.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { PriorityArrays } from './priorityArrays.ts'

type Options = {
  site: Site
  catalogue: Catalogue
  devices: readonly Device[]
  arrays: PriorityArrays
  read(ref: PointRef): PointValue | undefined
}

/** Keeps levels 5 (interlocks of the site file) and 6 (minimum on and off times of the profiles) of every point. */
export class EquipmentGuard {
  readonly #arrays: PriorityArrays
  readonly #read: Options['read']
  readonly #rules = new Map<PointRef, InterlockRule[]>()
  readonly #times = new Map<PointRef, MinimumTimes>()
  /** What each timed point was last seen to be told; a restart goes on from the arrays on the disk. */
  readonly #state = new Map<PointRef, boolean>()

  constructor(o: Options) {
    this.#arrays = o.arrays
    this.#read = o.read
    for (const rule of interlockRules(o.site, new Set(o.devices.map(d => d.id))))
      this.#rules.set(rule.target, [...(this.#rules.get(rule.target) ?? []), rule])
    for (const d of o.devices) {
      const runs = o.catalogue.get(d.profile)?.runs
      if (!runs || runs.minOnS + runs.minOffS === 0) continue
      const ref = refOf(d.id, runs.command)
      this.#times.set(ref, runs)
      this.#state.set(ref, o.arrays.value(ref) === true)
    }
  }

  /** Level 5, from the conditions as they were last read; before the programme's turn, whose demand follows it. */
  protect(wall: number): Effect[] {
    return [...this.#rules].flatMap(([ref, rules]) => {
      const wanted = protection(rules, this.#read, this.#arrays.holder(ref, level.protection), wall)
      return this.#arrays.putLevels(ref, [level.protection], wanted ? [wanted] : [])
    })
  }

  /** Level 6, after everything that may have switched something: it takes on what stands now and changes no value. */
  settle(wall: number): Effect[] {
    const effects: Effect[] = []
    for (const [ref, times] of this.#times) {
      const on = this.#arrays.value(ref) === true
      const holder = this.#arrays.holder(ref, level.minimumTime)
      if (on !== this.#state.get(ref)) {
        this.#state.set(ref, on)
        const entry = afterChange(times, on, wall)
        effects.push(...this.#arrays.putLevels(ref, [level.minimumTime], entry ? [entry] : []))
      } else if (holder) {
        const shorter = capped(holder, times, wall)
        if (shorter !== holder) effects.push(...this.#arrays.put(ref, shorter))
      }
    }
    return effects
  }
}
