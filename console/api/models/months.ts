import { z } from 'zod'
import { text } from '../words/text.ts'

/** The month as it goes to Finance: 《服务项目汇总表》 with its steps. */

export const monthStates = ['draft', 'checked', 'handed', 'audited', 'locked'] as const
export type MonthState = (typeof monthStates)[number]
export const monthVerbs = ['check', 'back', 'hand', 'send-back', 'audit', 'lock'] as const
export type MonthVerb = (typeof monthVerbs)[number]

export const monthLine = z.object({
  charge: z.string(),
  caseId: z.string(),
  number: z.string(),
  item: text,
  tenant: z.string().nullable(),
  place: z.string().nullable(),
  at: z.number(),
  to: z.number().nullable(),
  /** The month of the service. */
  month: z.string(),
  measured: z.object({ confirmedMinutes: z.number(), billableMinutes: z.number(), pricePerHourFen: z.number() }).nullable(),
  note: text.nullable(),
  proved: z.boolean(),
  /** What it comes to as it stood then, over all sheets. */
  chargedFen: z.number(),
  /** What this sheet bills of it. */
  fen: z.number(),
  kind: z.enum(['own', 'carried', 'adjusted']),
})
export type MonthLine = z.infer<typeof monthLine>

const signed = z.object({ at: z.number(), by: z.string() }).nullable()
export const monthView = z.object({
  month: z.string(),
  state: z.enum(monthStates),
  signed: z.object({ checked: signed, handed: signed, audited: signed, locked: signed }),
  lines: z.array(monthLine),
  totalFen: z.number(),
  /** What has been made since it was handed in: it goes into the next sheet that is. */
  later: z.object({ lines: z.number(), fen: z.number() }),
  /** What this user may do now. */
  verbs: z.array(z.enum(monthVerbs)),
})
export type MonthView = z.infer<typeof monthView>
