import type { z } from 'zod'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'

/** Preconditions that a transition may name. The list is closed; each is one tested function (server/cases/needs.ts). */
export type Need = 'alarms-returned' | 'fire-released' | 'not-started' | 'not-over' | 'interval-over' | 'bookable'

/**
 * What a transition brings about in the same transaction. `opens` starts a linked case with a form made from this one,
 * `acts` carries a verb on to the cases that were so opened; the others are one tested function each (server/cases/causes.ts).
 */
export type CauseName = 'reserve' | 'unreserve' | 'publish-programme' | 'charge'
export type Causes =
  | CauseName
  | { opens: string; relation: string; form(of: CaseData): Record<string, unknown> }
  | { acts: string; on: string }

/** What definitions see of a case. Times are ms of the wall clock. */
export type CaseData = {
  number: string
  place: string | null
  tenant: string | null
  form: Record<string, unknown>
  words: { place: Words; tenant: string; times: string }
}

export type Field = {
  key: string
  label: Words
  kind: 'text' | 'long' | 'phone' | 'time' | 'choice' | 'flag' | 'unit'
  schema: z.ZodType
  choices?: readonly { value: string; label: Words }[]
}

export type Transition = {
  verb: string
  label: Words
  from: readonly string[]
  to: string
  /** `system` is the console itself: clocks, alarms. */
  by: readonly (Role | 'system')[]
  needs?: readonly Need[]
  causes?: readonly Causes[]
  /** What must be said with it: a reason in words, or a signature (name as signed, for now). */
  input?: 'reason' | 'signature'
}

/** A procedure of the manual as data (design §6): one file each, citing its rule. */
export type Procedure = {
  id: string
  version: number
  /** Prefix of its numbers: OT-20261121-007. */
  prefix: string
  name: Words
  /** R-numbers of the requirements, with the manual's paragraph. */
  source: string
  fields: readonly Field[]
  initial: string
  /** Checked and brought about when a case is opened. */
  opening?: { needs?: readonly Need[]; causes?: readonly Causes[] }
  /** Where the case is (a zone, a unit, a compartment), from its form; its tenant follows from the leases. */
  placeOf?(form: Record<string, unknown>): string | null
  states: Record<string, { name: Words; ends?: true }>
  transitions: readonly Transition[]
  /** Who may open one by hand; empty when only the system or another case does. */
  opens: readonly Role[]
  sees: readonly Role[]
  /** The form's name on paper, in the manual's own words. */
  printed?: Words
}
