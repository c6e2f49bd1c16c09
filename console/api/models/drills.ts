import { z } from 'zod'
import { words } from '#contract/names'
import { text } from '../words/text.ts'

/**
 * What one expected linkage would do if its compartment burned now. `yes`: nothing is known to be in its way. `no`: something is. `unknown`: nobody can
 * say, for what is known of it is too old. `blind`: it would happen, and could not be seen to.
 */
export const shadowAction = z.object({
  linkage: z.string(),
  name: words,
  device: z.string(),
  would: z.enum(['yes', 'no', 'unknown', 'blind']),
  why: text.nullable(),
})
export type ShadowAction = z.infer<typeof shadowAction>

export const shadowReport = z.object({
  compartment: z.string(),
  at: z.number(),
  actions: z.array(shadowAction),
  /** The detectors of which the rule asks so many: those that could speak, of all. */
  detectors: z.object({ able: z.number(), all: z.number(), needed: z.number() }),
  /** The steps of the plan with who would be told of each now; nobody is an empty list. */
  steps: z.array(z.object({ n: z.number(), text: words, owner: words, people: z.array(z.string()) })),
  /** Channels of the call chain that do not get out, and why. */
  deadChannels: z.array(z.object({ name: words, why: z.string() })),
})
export type ShadowReport = z.infer<typeof shadowReport>
