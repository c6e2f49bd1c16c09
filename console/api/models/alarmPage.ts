import { z } from 'zod'
import { words } from '#contract/names'
import { text } from '../words/text.ts'
import { alarm } from './live.ts'

/** What an operator must know of an alarm; empty where nobody has written it down. */
export const alarmGuidance = z.object({
  cause: words.nullable(),
  consequence: words.nullable(),
  action: z.array(words),
  withinS: z.number().nullable(),
  phones: z.array(z.object({ name: words, phone: z.string() })),
})
export type AlarmGuidance = z.infer<typeof alarmGuidance>

/** One of the last times, and what was done then. */
export const pastAlarm = z.object({
  id: z.string(),
  raisedAt: z.number(),
  returnedAt: z.number().nullable(),
  ackedBy: z.string().nullable(),
  notes: z.array(z.string()),
  case: z.object({ id: z.string(), number: z.string(), state: text }).nullable(),
})
export const alarmPageView = z.object({
  alarm,
  guidance: alarmGuidance,
  last: z.array(pastAlarm),
  /** Of the last 90 days. */
  times90: z.number(),
})
export type AlarmPageView = z.infer<typeof alarmPageView>
