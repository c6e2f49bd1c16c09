import { z } from 'zod'
import { words } from '#contract/names'
import { scalar } from '#contract/quality'
import { text } from '../words/text.ts'
import { commandView } from './live.ts'

/** Bookings, prices and charges; money is fen. */

/** One zone on one evening of a booking, as the timeline shows it. `state`: that of its case, or `finished` once this part of it is over. */
export const booking = z.object({
  id: z.string(),
  caseId: z.string(),
  number: z.string(),
  state: z.string(),
  zone: z.string(),
  tenant: z.string(),
  from: z.number(),
  to: z.number(),
  fen: z.number(),
  /** Until when its run should be confirmed, and since when it was; null while not. */
  startBy: z.number(),
  confirmedAt: z.number().nullable(),
})
export type Booking = z.infer<typeof booking>

export const quote = z.object({
  zone: z.string(),
  tenant: z.string(),
  minutes: z.number(),
  billableMinutes: z.number(),
  freeMinutes: z.number(),
  tariff: words,
  pricePerHourFen: z.number(),
  fen: z.number(),
  reason: text,
  /** The first of its dates of which nobody knows whether it is a holiday: its year is not in the calendar. */
  dayUnknown: z.string().nullable(),
})
export type Quote = z.infer<typeof quote>

export const chargeLine = z.object({
  id: z.string(),
  caseId: z.string(),
  number: z.string(),
  tenant: z.string(),
  zone: z.string(),
  from: z.number(),
  to: z.number(),
  confirmedMinutes: z.number(),
  billableMinutes: z.number(),
  pricePerHourFen: z.number(),
  fen: z.number(),
  note: text.nullable(),
  /** What was booked and not delivered: why, and what it took off. */
  missed: z.array(z.object({ why: z.string(), minutes: z.number(), fen: z.number() })),
})
export type ChargeLine = z.infer<typeof chargeLine>

export const evidence = z.object({
  line: chargeLine,
  runs: z.array(
    z.object({
      id: z.string(),
      from: z.number(),
      to: z.number().nullable(),
      why: z.string(),
      proof: z.array(z.object({ point: z.string(), v: scalar, q: z.string(), t: z.number() })),
    }),
  ),
  commands: z.array(commandView),
  counted: z.array(z.object({ from: z.number(), to: z.number() })),
})
export type Evidence = z.infer<typeof evidence>
