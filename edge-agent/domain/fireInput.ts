import type { Profile } from '#contract/profile'
import type { PointValue, Scalar } from '#contract/quality'

/** The input to be looked at before a value is written; undefined where it may be written without. */
export const inputBefore = (profile: Pick<Profile, 'atFire'> | undefined, point: string, value: Scalar): string | undefined => {
  const rule = profile?.atFire
  return rule && rule.point === point && rule.value !== value ? rule.input : undefined
}

/**
 * Whether a write would drive a device away from what it does at a fire while its own hard-wired fire input is active
 * (design §4). What was last read counts until the opposite is: a door is not locked because its input went out of sight.
 */
export const againstFireInput = (
  profile: Pick<Profile, 'atFire'> | undefined,
  point: string,
  value: Scalar,
  read: (point: string) => PointValue | undefined,
): boolean => {
  const input = inputBefore(profile, point, value)
  return input !== undefined && read(input)?.v === true
}
