import type { Profile } from '#contract/profile'
import { isTrusted, type PointValue } from '#contract/quality'
import type { Compartment } from '#contract/site'

/** The witnesses of a compartment as remembered: null while in alarm, otherwise when it was last seen so (wall, ms). */
export type Witnesses = Readonly<Record<string, number | null>>

type Panel = { profile: Pick<Profile, 'points'>; read(point: string): PointValue | undefined }

/** A value that a fire may be seen in: an uncertain fire still counts (design §3). */
const seen = (value: PointValue | undefined): value is PointValue => value?.q === 'uncertain' || isTrusted(value)

/** The fault and shield points of each detector, found once for a profile. */
const companions = new WeakMap<Panel['profile'], Map<string, string[]>>()
const companionsOf = (profile: Panel['profile']): Map<string, string[]> => {
  const known = companions.get(profile)
  if (known) return known
  const found = new Map<string, string[]>()
  for (const [key, { detector, role }] of profile.points)
    if (detector !== undefined && role !== 'fire') found.set(detector, [...(found.get(detector) ?? []), key])
  companions.set(profile, found)
  return found
}

/** A detector that is shielded or faulty by the panel's own word is no witness. */
const outOfUse = ({ profile, read }: Panel, detector: string): boolean =>
  (companionsOf(profile).get(detector) ?? []).some(key => {
    const value = read(key)
    return seen(value) && value.v === true
  })

/**
 * What is known of a compartment's witnesses after its panel was read. What cannot be seen changes nothing: a lost link
 * neither meets the rule nor undoes it. One that has reset counts for the site's window. The same object when nothing changed.
 */
export const rememberWitnesses = (c: Compartment, panel: Panel, before: Witnesses, wall: number): Witnesses => {
  const next: Record<string, number | null> = {}
  for (const w of c.witnesses) {
    const known = before[w]
    const value = panel.read(w)
    const detector = panel.profile.points.get(w)?.detector
    const inAlarm = seen(value) ? value.v === true : known === null
    if (!inAlarm && known === undefined) continue
    if (detector !== undefined && outOfUse(panel, detector)) continue
    if (inAlarm) next[w] = null
    else if (known === null) next[w] = wall
    else if (known !== undefined && Math.abs(wall - known) <= c.rule.windowS * 1000) next[w] = known
  }
  const same = Object.keys(next).length === Object.keys(before).length && Object.entries(next).every(([k, v]) => before[k] === v)
  return same ? before : next
}

/** The site's trigger rule; default any two independent alarm devices (GB 50116 4.1.6). */
export const ruleMet = (c: Compartment, witnesses: Witnesses): boolean => Object.keys(witnesses).length >= c.rule.independent

/** Those that are in alarm now: after a release, what was only remembered is over. */
export const stillInAlarm = (witnesses: Witnesses): Witnesses =>
  Object.fromEntries(Object.entries(witnesses).filter(([, at]) => at === null))

/** Why fire entries may not be released yet, or undefined when the panel reports normal. */
export const releaseBlocked = (
  normal: { value: unknown },
  panelValue: PointValue | undefined,
): 'panel-unverified' | 'panel-in-alarm' | undefined => {
  if (!isTrusted(panelValue)) return 'panel-unverified'
  return panelValue.v === normal.value ? undefined : 'panel-in-alarm'
}
