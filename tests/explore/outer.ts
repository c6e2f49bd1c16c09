import type { Command } from '#contract/messages'
import type { Scalar } from '#contract/quality'
import type { Variant } from './site.ts'

export type DeviceId = 'panel' | 'fan' | 'door'
export type Heartbeat = { clock: number; session: string }
type Bits = Record<string, boolean>

/** Everything outside the agent; all of it outlives a kill. The console's clock is the wall's. */
export type Outer = {
  wall: number
  startedAt: number
  variant: Variant
  panel: Bits
  fan: Bits
  door: Bits
  link: Record<DeviceId, boolean>
  /** A device whose effect does not follow its command. */
  stuck: Record<string, boolean>
  /** The panel's answers are not believed. */
  suspect: boolean
  refuses: boolean
  frozen: boolean
  /** What waits in the socket of an agent that does not run. */
  queue: (Command | Heartbeat)[]
  issued: Record<string, Command>
  /** When each device last did not do as it was told, for reasons of its own. */
  trouble: Record<string, number>
}
export type Rules = {
  /** Writes are answered within the event, not with the next wait or by an event of their own. */
  prompt: boolean
  /** The console's heartbeat comes with every wait; otherwise by events. */
  beats: boolean
}
/** What the writer was last seen to do about a point: the visible side of its memory. */
export type Told = { value: Scalar; at: number; step: string; stepAt: number; cause: string; times: number }

export const begin = 1_790_000_000_000

export const firstOuter = (variant: Variant): Outer => ({
  wall: begin,
  startedAt: begin,
  variant,
  panel: Object.fromEntries(
    ['fire', 'bell', 'bell_fb', ...['a1', 'a2', 'b1'].flatMap(d => [`${d}_fire`, `${d}_fault`, `${d}_shield`])].map(k => [
      k,
      false,
    ]),
  ),
  fan: { run: true, run_fb: true, trip: false, fire_in: false },
  door: { lock: true, locked: true, fire_in: false },
  link: { panel: true, fan: true, door: true },
  stuck: {},
  suspect: false,
  refuses: false,
  frozen: false,
  queue: [],
  issued: {},
  trouble: {},
})

export const cloneOuter = (o: Outer): Outer => ({
  ...o,
  panel: { ...o.panel },
  fan: { ...o.fan },
  door: { ...o.door },
  link: { ...o.link },
  stuck: { ...o.stuck },
  queue: [...o.queue],
  issued: { ...o.issued },
  trouble: { ...o.trouble },
})
