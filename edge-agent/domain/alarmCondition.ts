import type { AlarmRule } from '#contract/profile'
import { isTrusted, type PointValue } from '#contract/quality'

/** Where one alarm condition stands. Times are of the monotonic clock. `onsets`: when it has begun lately, where its rule counts that. */
export type Condition =
  | { phase: 'normal'; onsets?: readonly number[] }
  | { phase: 'pending'; since: number; onsets?: readonly number[] }
  | { phase: 'active' }
  | { phase: 'clearing'; since: number }
/** `withheld`: it would be true, but how the plant is run makes it no alarm (suppressed by design). */
export type Outcome = { next: Condition; event?: 'raise' | 'return'; withheld?: true }

const isTrue = (rule: AlarmRule, value: PointValue, active: boolean): boolean => {
  if (rule.equals !== undefined) return value.v === rule.equals
  if (typeof value.v !== 'number') return false
  // The limit to leave is the limit to enter less the deadband, so that 69.9 / 70.1 does not chatter.
  if (rule.above !== undefined) return value.v > rule.above - (active ? rule.deadband : 0)
  if (rule.below !== undefined) return value.v < rule.below + (active ? rule.deadband : 0)
  return false
}

const isActive = (c: Condition) => c.phase === 'active' || c.phase === 'clearing'

/** When it has begun within the time in which its rule counts, now included where it begins now. */
const onsetsOf = (rule: AlarmRule, now: Condition, truth: boolean, at: number): { onsets?: readonly number[] } => {
  if (rule.count === undefined || (now.phase !== 'normal' && now.phase !== 'pending')) return {}
  const { withinMs } = rule.count
  const recent = (now.onsets ?? []).filter(t => at - t < withinMs)
  const onsets = truth && now.phase === 'normal' ? [...recent, at] : recent
  return onsets.length > 0 ? { onsets } : {}
}

/** What is lost decides nothing: delays start anew when it can be trusted again. */
export const suspended = (now: Condition): Condition => (isActive(now) ? { phase: 'active' } : { phase: 'normal' })

/**
 * One step of a condition with on- and off-delay. While the value cannot be trusted nothing is decided: no new raise and no
 * return (design §3). An uncertain fire still raises; nothing returns on an uncertain value. `applies`: false where the rule
 * counts only while the device runs, and it does not.
 */
export const stepCondition = (
  rule: AlarmRule,
  now: Condition,
  value: PointValue | undefined,
  at: number,
  applies = true,
): Outcome => {
  const uncertain = value?.q === 'uncertain'
  const active = isActive(now)
  if (!value || (uncertain ? active || rule.level !== 1 : !isTrusted(value))) return { next: suspended(now) }
  const holds = isTrue(rule, value, active)
  const truth = applies && holds
  const withheld = holds && !applies ? ({ withheld: true } as const) : {}
  if (!active) {
    const onsets = onsetsOf(rule, now, truth, at)
    if (!truth) return { next: { phase: 'normal', ...onsets }, ...withheld }
    const since = now.phase === 'pending' ? now.since : at
    const often = rule.count !== undefined && (onsets.onsets?.length ?? 0) >= rule.count.times
    if (often || at - since >= rule.onDelayMs) return { next: { phase: 'active' }, event: 'raise' }
    return { next: { phase: 'pending', since, ...onsets } }
  }
  if (truth) return { next: { phase: 'active' } }
  const since = now.phase === 'clearing' ? now.since : at
  if (at - since >= rule.offDelayMs) return { next: { phase: 'normal' }, event: 'return', ...withheld }
  return { next: { phase: 'clearing', since }, ...withheld }
}
