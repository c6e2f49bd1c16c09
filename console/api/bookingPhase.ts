import type { PointRef, Words } from '#contract/names'
import { type Holder, level, winner } from '#contract/priority'
import { isTrusted, type PointValue } from '#contract/quality'

/** How a booking goes. From its start on only read-back says so: nothing runs because a clock says that it should. */
export type BookingPhase =
  | 'quoted'
  | 'accepted'
  | 'booked'
  | 'starting'
  | 'running'
  | 'not-started'
  | 'interrupted'
  | 'stopping'
  | 'done'
  | 'cancelled'

/** What stands between a booking and its air, the first that is found. */
type WhyNot = 'silent' | 'link-lost' | 'fire' | 'by-hand' | 'protected' | 'not-told' | 'no-feedback'

/** The zone's controller and whatever feeds it air, each with what it is told and what it reads back. */
export type Chain = readonly { device: string; name: Words; command: PointRef; feedback: PointRef }[]
type Told = { array: { holders: Holder[]; relinquishDefault: Holder['value'] }; withheld: string | null }
/** What is known of the building now, wherever it is known from. */
export type Sight = {
  value(ref: PointRef): PointValue | undefined
  holders(ref: PointRef): Told | undefined
  link(device: string): { ok: boolean; online: boolean } | undefined
}
export type ReadBack = { running: true } | { running: false; why: WhyNot; device: Words | null }

type ChainDevice = { id: string; name: Words; feeds: readonly string[]; runs: { command: string; feedback: string } | null }

/** The chain whose read-backs prove a zone's run, as the agent takes it (design §6). */
export const chainOf = (controller: string, devices: readonly ChainDevice[]): Chain =>
  [...devices.filter(d => d.id === controller), ...devices.filter(d => d.feeds.includes(controller))].flatMap(d =>
    d.runs
      ? [
          {
            device: d.id,
            name: d.name,
            command: `${d.id}/${d.runs.command}` as PointRef,
            feedback: `${d.id}/${d.runs.feedback}` as PointRef,
          },
        ]
      : [],
  )

/** Whether a zone runs by read-back, every value of it trusted; and if not, why. */
export const readBackOf = (chain: Chain, see: Sight): ReadBack => {
  const not = (why: WhyNot, device: Words | null = null): ReadBack => ({ running: false, why, device })
  for (const { device, name } of chain) {
    const link = see.link(device)
    if (!link?.online) return not('silent', name)
    if (!link.ok) return not('link-lost', name)
  }
  const blind = chain.find(c => !isTrusted(see.value(c.feedback)))
  if (blind) return not('link-lost', blind.name)
  const off = chain.find(c => see.value(c.feedback)?.v !== true)
  if (chain.length > 0 && !off) return { running: true }
  for (const { name, command } of chain) {
    const told = see.holders(command)
    const best = told && winner(told.array)
    if (told?.withheld || (best?.level === level.fire && best.value !== true)) return not('fire', name)
    if (!best) return not('not-told', name)
    if (best.value === true) continue
    if (best.level === level.operator) return not('by-hand', name)
    return not(best.level < level.operator ? 'protected' : 'not-told', name)
  }
  return not('no-feedback', off?.name ?? null)
}

/** A booking as the books have it: `confirmedAt` when its run was first confirmed, `startBy` when the site wants that at the latest. */
export type BookingFacts = { state: string; from: number; to: number; startBy: number; confirmedAt: number | null }

export const bookingPhase = (b: BookingFacts, running: boolean, now: number): BookingPhase => {
  if (b.state === 'finished' || b.state === 'unsigned') return 'done'
  if (b.state === 'quoted' || b.state === 'accepted' || b.state === 'cancelled') return b.state
  if (b.state === 'stopping' || now >= b.to) return 'stopping'
  if (now < b.from) return 'booked'
  if (running) return 'running'
  if (b.confirmedAt !== null) return 'interrupted'
  return now < b.startBy ? 'starting' : 'not-started'
}
