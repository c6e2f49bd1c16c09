import { z } from 'zod'
import { words } from '#contract/names'
import { drawing } from '../drawing.ts'
import { text } from '../words/text.ts'
import { quote } from './money.ts'

/** A value as it was read last, and when; null where nobody knows it, or it is not to be trusted. */
const reading = z.object({ v: z.number(), at: z.number() }).nullable()

/** One evening of a booking, as it is for the customer. */
export const ownEvening = z.object({
  /** Of the booking (its case), and the evening where it is repeated. */
  id: z.string(),
  evening: z.string().nullable(),
  number: z.string(),
  from: z.number(),
  to: z.number(),
  zones: z.array(z.string()),
  /** How it goes by read-back, of the zone that lags most; and what stands between it and its air. */
  phase: z.string(),
  why: z.string().nullable(),
  device: words.nullable(),
  /** Since when all of its zones are confirmed to have begun. */
  confirmedAt: z.number().nullable(),
  /** What all of it costs as booked; and what is confirmed so far, and would be charged, if it were stopped now. */
  fen: z.number(),
  now: z.object({ minutes: z.number(), fen: z.number() }).nullable(),
  may: z.array(z.enum(['extend', 'stop', 'withdraw'])),
})
export type OwnEvening = z.infer<typeof ownEvening>

export const ownAir = z.object({
  ...{ site: words, timeZone: z.string(), tenant: z.string(), contact: z.string(), at: z.number() },
  /** The desk's telephone, where the site has given it. */
  telephone: z.string(),
  /** Why he may not order by himself; null where he may. */
  mayNot: z.enum(['not-here', 'not-named']).nullable(),
  zones: z.array(z.object({ id: z.string(), name: words, room: reading, set: reading })),
  evenings: z.array(ownEvening),
  past: z.array(
    z.object({
      ...{ id: z.string(), zone: words, from: z.number(), to: z.number(), fen: z.number() },
      missed: z.array(z.object({ why: z.string(), fen: z.number() })),
      note: text.nullable(),
    }),
  ),
})
export type OwnAir = z.infer<typeof ownAir>

/** What it costs, and how much more that is than what he has booked already. */
export const ownQuote = quote.extend({ moreFen: z.number() })
export type OwnQuote = z.infer<typeof ownQuote>

const fen = z.number().int().nonnegative()
const zones = z.array(z.string().max(40)).min(1).max(40)
/** He has seen the price, and signs. */
const signs = { quotedFen: fen, drawn: drawing }
export const ownOrder = z.strictObject({
  ...{ zones, from: z.number().int(), to: z.number().int(), ...signs },
  /** A name of the sender's making: sent twice, it is one booking. */
  sentAs: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
})
export type OwnOrder = z.infer<typeof ownOrder>
export const ownHours = z.strictObject({ evening: z.iso.date().nullable(), to: z.number().int(), ...signs })
export type OwnHours = z.infer<typeof ownHours>
