import { isTrusted, type PointValue } from '#contract/quality'
import type { Compartment } from '#contract/site'

/**
 * The witnesses of a compartment that are in alarm, each one independent device. Only trusted values count:
 * a lost link neither meets the rule nor undoes it (entries at level 2 latch).
 */
export const witnessesInAlarm = (c: Compartment, read: (point: string) => PointValue | undefined): string[] =>
  c.witnesses.filter(w => {
    const value = read(w)
    return isTrusted(value) && value.v === true
  })

/** The site's trigger rule; default any two independent alarm devices (GB 50116 4.1.6). */
export const ruleMet = (c: Compartment, inAlarm: readonly string[]): boolean => inAlarm.length >= c.rule.independent

/** Why fire entries may not be released yet, or undefined when the panel reports normal. */
export const releaseBlocked = (
  c: Compartment,
  panelValue: PointValue | undefined,
): 'panel-unverified' | 'panel-in-alarm' | undefined => {
  if (!isTrusted(panelValue)) return 'panel-unverified'
  return panelValue.v === c.panelNormal.value ? undefined : 'panel-in-alarm'
}
