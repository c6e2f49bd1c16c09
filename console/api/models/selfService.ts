import { z } from 'zod'
import { words } from '#contract/names'
import { text } from '../words/text.ts'

/** A link that a customer has: at a door, or of his own. What opens it is told once, when it is made; that of a door can be printed again. */
export const customerLink = z.object({
  id: z.string(),
  kind: z.enum(['plate', 'contact']),
  code: z.string().nullable(),
  unit: z.string().nullable(),
  tenant: z.string().nullable(),
  contact: z.string().nullable(),
  madeAt: z.number(),
  madeBy: z.string(),
  withdrawnAt: z.number().nullable(),
})
export type CustomerLink = z.infer<typeof customerLink>

/** One of his own matters, as far as it is for the customer. */
export const ownMatter = z.object({
  id: z.string(),
  number: z.string(),
  name: words,
  about: text,
  place: words.nullable(),
  openedAt: z.number(),
  state: words,
  endedAt: z.number().nullable(),
  /** Who has it in hand: a person, or else the department. */
  hands: text.nullable(),
  /** Whether he may say how he found it, and what he has said. */
  mayAppraise: z.boolean(),
  appraised: z.enum(['satisfied', 'unsatisfied']).nullable(),
})
export type OwnMatter = z.infer<typeof ownMatter>

export const ownMatters = z.object({
  ...{ site: words, timeZone: z.string(), tenant: z.string(), contact: z.string() },
  matters: z.array(ownMatter),
})
export type OwnMatters = z.infer<typeof ownMatters>

/** What somebody at a door says is wrong. */
export const doorReport = z.strictObject({
  content: z.string().trim().min(2).max(500),
  contact: z.string().trim().min(1).max(60),
  phone: z.string().trim().min(1).max(40),
  /** A name of the sender's making: sent twice, it is one report. */
  sentAs: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
})
export type DoorReport = z.infer<typeof doorReport>
