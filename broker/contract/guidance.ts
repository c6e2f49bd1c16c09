import { z } from 'zod'
import { words } from './names.ts'

/**
 * What an operator must know of an alarm (ISA-18.2-2016 7.4, rationalization): why it comes, what follows where nobody acts, what to do, and within
 * what time. Each piece may be left to whatever stands above: its device's type, what feeds it, the site.
 */
export const guidance = z.strictObject({
  cause: words.optional(),
  consequence: words.optional(),
  action: z.array(words).min(1).max(10).optional(),
  /** Seconds from the alarm within which the action still averts the consequence. */
  withinS: z.number().int().positive().max(604_800).optional(),
})
export type Guidance = z.infer<typeof guidance>
