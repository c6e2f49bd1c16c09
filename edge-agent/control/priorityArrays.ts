import type { PointRef } from '#contract/names'
import { type Cause, type Holder, type PriorityArray, prevailing, winningValue } from '#contract/priority'
import type { Scalar } from '#contract/quality'
import type { Effect } from '../memory/edgeMemory.ts'

/** A cause that has a value of its own at its level, as those of fire and protection do. */
export type WillingCause = Cause & { value: Scalar }

/** The priority arrays of all commandable points; every change says what must reach the disk with it. */
export class PriorityArrays {
  readonly all = new Map<PointRef, PriorityArray>()
  /** Points whose array changed since somebody published it. */
  readonly news = new Set<PointRef>()
  #soonestEnd: number | undefined

  constructor(points: ReadonlyMap<PointRef, Scalar>, kept: ReadonlyMap<string, unknown>) {
    for (const [ref, relinquishDefault] of points) {
      const holders = (kept.get(ref) ?? []) as Holder[]
      this.all.set(ref, { holders, relinquishDefault })
    }
  }

  of(ref: PointRef): PriorityArray {
    return this.all.get(ref) ?? { holders: [], relinquishDefault: null }
  }

  value(ref: PointRef): Scalar {
    return winningValue(this.of(ref))
  }

  holder(ref: PointRef, level: number): Holder | undefined {
    return this.of(ref).holders.find(h => h.level === level)
  }

  put(ref: PointRef, holder: Holder): Effect[] {
    return this.#replace(ref, [...this.of(ref).holders.filter(h => h.level !== holder.level), holder])
  }

  clear(ref: PointRef, level: number): Effect[] {
    if (!this.holder(ref, level)) return []
    return this.#replace(
      ref,
      this.of(ref).holders.filter(h => h.level !== level),
    )
  }

  /** Replaces the given levels as a whole; no effect when nothing about them changed. */
  putLevels(ref: PointRef, levels: readonly number[], holders: readonly Holder[]): Effect[] {
    const before = this.of(ref).holders.filter(h => levels.includes(h.level))
    if (sameHolders(before, holders)) return []
    return this.#replace(ref, [...this.of(ref).holders.filter(h => !levels.includes(h.level)), ...holders])
  }

  /** Adds a cause with its own value to a latched entry, or makes the entry; which value prevails is a matter of rank. */
  join(ref: PointRef, level: number, cause: WillingCause, wall: number): Effect[] {
    const old = this.holder(ref, level)
    const others = (old?.causes ?? []).filter(c => c.id !== cause.id)
    const causes = [...others, cause]
    return this.put(ref, { level, value: prevailing(causes, cause.value), causes, since: old?.since ?? wall, until: null })
  }

  /** Withdraws a cause with its value; the others keep theirs, and the entry goes with its last one. */
  leave(ref: PointRef, level: number, causeId: string): Effect[] {
    const old = this.holder(ref, level)
    if (!old?.causes.some(c => c.id === causeId)) return []
    const causes = old.causes.filter(c => c.id !== causeId)
    return causes.length === 0 ? this.clear(ref, level) : this.put(ref, { ...old, causes, value: prevailing(causes, old.value) })
  }

  /** Withdraws a cause from every point, also from those that no rule of today would have it hold. */
  leaveAll(level: number, causeId: string): Effect[] {
    return [...this.all.keys()].flatMap(ref => this.leave(ref, level, causeId))
  }

  /** When the next entry ends; Infinity when none will. Asked after every exchange, so it is kept. */
  get soonestEnd(): number {
    if (this.#soonestEnd === undefined) {
      this.#soonestEnd = Infinity
      for (const { holders } of this.all.values())
        for (const { until } of holders) if (until !== null && until < this.#soonestEnd) this.#soonestEnd = until
    }
    return this.#soonestEnd
  }

  /** Entries whose end has come. */
  expired(wall: number): { ref: PointRef; holder: Holder }[] {
    const found: { ref: PointRef; holder: Holder }[] = []
    for (const [ref, array] of this.all)
      for (const holder of array.holders) if (holder.until !== null && holder.until <= wall) found.push({ ref, holder })
    return found
  }

  #replace(ref: PointRef, holders: Holder[]): Effect[] {
    const array = this.of(ref)
    const sorted = holders.toSorted((a, b) => a.level - b.level)
    this.all.set(ref, { ...array, holders: sorted })
    this.news.add(ref)
    this.#soonestEnd = undefined
    return sorted.length === 0 ? [{ forget: 'holder', key: ref }] : [{ keep: 'holder', key: ref, body: sorted }]
  }
}

const sameHolders = (a: readonly Holder[], b: readonly Holder[]): boolean =>
  a.length === b.length &&
  a.every(x => {
    const y = b.find(h => h.level === x.level)
    return (
      y !== undefined &&
      y.value === x.value &&
      y.until === x.until &&
      y.causes.map(c => c.id).join('\n') === x.causes.map(c => c.id).join('\n')
    )
  })
