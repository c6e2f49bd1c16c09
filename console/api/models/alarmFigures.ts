import { z } from 'zod'
import { words } from '#contract/names'
import { text } from '../words/text.ts'

/** Figures of alarm management for a stretch of time (ISA-18.2-2016 table 6, EEMUA 191). Shares are percent. */
export const alarmFigures = z.object({
  from: z.number(),
  to: z.number(),
  count: z.number(),
  /** On average, and the most, within ten minutes. */
  perTen: z.number(),
  mostPerTen: z.number(),
  /** Each of `barMin` minutes. */
  bars: z.array(z.object({ at: z.number(), n: z.number() })),
  barMin: z.number(),
  floods: z.number(),
  floodShare: z.number(),
  /** Standing longer than a day. */
  stale: z.number(),
  /** Conditions that came three times within a minute. */
  chattering: z.number(),
  /** Of levels 1 to 4. */
  levels: z.array(z.number()),
  ackMedianMs: z.number().nullable(),
  unacked: z.number(),
  worst: z.array(z.object({ key: z.string(), name: text, level: z.number(), n: z.number(), share: z.number() })),
  worstShare: z.number(),
})
export type AlarmFigures = z.infer<typeof alarmFigures>

/** A post whose people have acknowledged alarms of the stretch. */
export const alarmPost = z.object({ id: z.string(), name: words, count: z.number() })

/** A delay that would have spared alarms and lost none that led to a ticket, as the record says. */
export const delayProposal = z.object({
  key: z.string(),
  name: text,
  level: z.number(),
  kind: z.enum(['on', 'off']),
  seconds: z.number(),
  of: z.number(),
  spared: z.number(),
  /** By how many minutes in all the others would have come later. */
  laterMin: z.number(),
})
export type DelayProposal = z.infer<typeof delayProposal>
