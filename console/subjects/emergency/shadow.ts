import type { ShadowAction } from '#api/models/drills'
import type { HoldersView } from '#api/models/live'
import { say, type Text } from '#api/words/text'
import type { LinkState } from '#contract/messages'
import { type PointRef, refOf, type Words } from '#contract/names'
import { type Cause, level, prevailing } from '#contract/priority'
import type { Profile } from '#contract/profile'
import { isTrusted, type PointValue } from '#contract/quality'
import { type Compartment, isSimulatedDevice, type Linkage, linkagesOf, type Site } from '#contract/site'

/** What is known of the building now, as far as a linkage asks. */
export type ShadowLook = {
  site: Site
  value(ref: PointRef): PointValue | undefined
  holders(ref: PointRef): HoldersView | undefined
  /** Undefined while its agent has told nothing of it, or is away. */
  link(device: string): LinkState | undefined
  clock(at: number): string
  /** The test of the compartment that withholds its actions, in words; null: none runs. */
  test: Text | null
  /** Whether as many detectors can speak as the rule asks for. */
  canSpeak: boolean
}
type Verdict = Pick<ShadowAction, 'would' | 'why'>

const yes: Verdict = { would: 'yes', why: null }
const no = (why: Text): Verdict => ({ would: 'no', why })

/** Whoever holds the point above the fire, or at its level with a better rank, and wants something else. */
const heldAgainst = (
  c: Compartment,
  l: Linkage,
  view: HoldersView | undefined,
  clock: ShadowLook['clock'],
): Verdict | undefined => {
  for (const h of view?.array.holders ?? []) {
    const until = h.until === null ? say.shadow.withoutEnd : say.time.until(clock(h.until))
    const [first] = h.causes
    if (h.level < level.fire && h.value !== l.value && first) return no(say.shadow.held(first.what, until))
    if (h.level !== level.fire) continue
    const own: Cause = { id: c.id, what: c.name, value: l.value, ...(l.rank === undefined ? {} : { rank: l.rank }) }
    const others = h.causes.filter(x => x.id !== c.id)
    if (others.length > 0 && prevailing([...others, own], l.value) !== l.value)
      return no(say.shadow.overruled(others[0]?.what ?? c.name))
  }
  return undefined
}

/** What must be so before any action of the agent begins: its panel is read, the rule can be met, and nobody tests there. */
const cannotBegin = (c: Compartment, look: ShadowLook): Verdict | undefined => {
  const panel = nameOf(look.site, c.panel)
  const link = look.link(c.panel)
  if (!link) return { would: 'unknown', why: say.shadow.noNews(panel) }
  if (!link.ok) return no(say.shadow.unreachable(panel, look.clock(link.since)))
  if (look.test !== null) return no(look.test)
  return look.canSpeak ? undefined : no(say.shadow.tooFew)
}

const nameOf = (site: Site, id: string): Words => site.devices.find(d => d.id === id)?.name ?? { zh: id, en: id }

/**
 * What one linkage would do now. A hand at the console (level 8) yields to a fire, so it is nothing in the way. What the panel does by its own wire
 * happens whether we see it or not. Pure.
 */
export const shadowOf = (c: Compartment, l: Linkage, look: ShadowLook): Verdict => {
  const name = nameOf(look.site, l.device)
  const link = look.link(l.device)
  const blind: Verdict = { would: 'blind', why: say.shadow.blind(name) }
  const feedback = look.value(refOf(l.device, l.feedback.point))
  const isSeen = link?.ok === true && feedback !== undefined && (feedback.q === 'uncertain' || isTrusted(feedback))
  if (l.by === 'panel') return isSeen ? yes : blind
  const stopped = cannotBegin(c, look)
  if (stopped) return stopped
  if (!link) return { would: 'unknown', why: say.shadow.noNews(name) }
  if (!link.ok) return no(say.shadow.unreachable(name, look.clock(link.since)))
  const held = heldAgainst(c, l, look.holders(refOf(l.device, l.point)), look.clock)
  if (held) return held
  const command = look.value(refOf(l.device, l.point))
  if (command?.q === 'manual' && command.v !== l.value) return no(say.shadow.byHand(name))
  return isSeen ? yes : blind
}

/** Whether the simulators stand in for the panel of a compartment and for all that its fire would move. Pure. */
export const isSimulatedFire = (site: Site, compartment: string | null): boolean => {
  const c = site.compartments.find(x => x.id === compartment)
  if (!c) return false
  const ids = new Set([c.panel, ...linkagesOf(site, c).map(l => l.device)])
  return site.devices.filter(d => ids.has(d.id)).every(d => isSimulatedDevice(site, d))
}

/** Detectors of the compartment that could speak: read, and neither shielded nor at fault. Pure. */
export const ableDetectors = (c: Compartment, profile: Profile | undefined, value: ShadowLook['value']): number => {
  if (!profile) return 0
  const said = new Map<string, string[]>()
  for (const [key, p] of profile.points)
    if (p.detector && (p.role === 'fault' || p.role === 'shielded')) said.set(p.detector, [...(said.get(p.detector) ?? []), key])
  return c.witnesses.filter(w => {
    const own = value(refOf(c.panel, w))
    const bits = said.get(profile.points.get(w)?.detector ?? '') ?? []
    return own !== undefined && isTrusted(own) && bits.every(b => value(refOf(c.panel, b))?.v !== true)
  }).length
}
