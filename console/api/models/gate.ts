import { z } from 'zod'
import { gateVerdicts } from '../gateVerdicts.ts'
import { commandView } from './live.ts'
import { registerEntry } from './registers.ts'

export const gateAct = z.object({
  id: z.string(),
  at: z.number(),
  device: z.string(),
  verdict: z.enum(gateVerdicts),
  command: commandView.nullable(),
})
export type GateAct = z.infer<typeof gateAct>

/** A vehicle at a barrier, or a visitor with a pass, and what came of it there, the newest first. */
export const gateEntry = z.object({ entry: registerEntry, acts: z.array(gateAct) })
export type GateEntry = z.infer<typeof gateEntry>

export const gateView = z.object({
  /** Vehicles that wait for somebody to confirm the owner, the longest first; then the last that were dealt with. */
  waiting: z.array(gateEntry),
  passed: z.array(gateEntry),
  /** Visitors in the building who have a door. */
  visitors: z.array(gateEntry),
  /** What doors and barriers have told last, of whomever. */
  events: z.array(z.object({ id: z.string(), at: z.number(), device: z.string(), event: z.string(), detail: z.string() })),
})
export type GateView = z.infer<typeof gateView>
