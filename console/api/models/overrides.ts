import { z } from 'zod'
import { text } from '../words/text.ts'

/** What a person has changed: a point that is held, an alarm that is shelved or out of service, a linkage test, a setting of the site. */
export const overrideKinds = ['hold', 'shelved', 'out-of-service', 'test', 'setting'] as const
export type OverrideKind = (typeof overrideKinds)[number]

/** One line of the ledger of what differs from the design because somebody wanted it so. */
export const override = z.object({
  kind: z.enum(overrideKinds),
  /** The point, the suppression, the compartment, the setting. */
  ref: z.string(),
  name: text,
  place: z.string().nullable(),
  /** What it is when it is given back, and what it is now. */
  before: text,
  now: text,
  by: z.string(),
  /** Ids of the persons whose it is; empty where nobody knows. */
  byIds: z.array(z.string()),
  why: text,
  since: z.number().nullable(),
  /** Null: no end is known. Of a setting none is asked for. */
  until: z.number().nullable(),
})
export type Override = z.infer<typeof override>
