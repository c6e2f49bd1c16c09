import { z } from 'zod'
import { words } from '#contract/names'
import { text } from '../words/text.ts'
import { caseHead } from './cases.ts'

/** What the site has settled, and what its calendar makes owed. */

const settingValue = z.union([z.number(), z.string(), z.boolean(), z.null()])
/** A point that the manuals leave to the site: null means that this site has no such rule. */
export const settingView = z.object({
  key: z.string(),
  name: words,
  source: z.string(),
  unit: z.enum(['s', 'min', '%', 'h', 'clock', 'count', 'text', 'flag', 'choice']),
  choices: z.array(z.object({ value: z.string(), label: words })),
  value: settingValue,
  default: settingValue,
  presets: z.record(z.string(), settingValue),
  changedAt: z.number().nullable(),
  changedBy: z.string().nullable(),
})
export type SettingView = z.infer<typeof settingView>

/** A duty of the calendar with the posts of this site that could owe it; where none is named, all of them do. */
export const routineView = z.object({
  id: z.string(),
  name: words,
  source: z.string(),
  posts: z.array(z.object({ id: z.string(), name: words, named: z.boolean() })),
})
export type RoutineView = z.infer<typeof routineView>

/** A day that is not what its weekday says. */
export const calendarDay = z.strictObject({ date: z.iso.date(), kind: z.enum(['closed', 'workday']), name: words })
export type CalendarDay = z.infer<typeof calendarDay>

/** Something that a role or a post has been told. */
export const notice = z.object({
  id: z.string(),
  at: z.number(),
  kind: z.string(),
  record: z.string(),
  procedure: z.string().nullable(),
  text,
  /** It sounds until it is seen. */
  rings: z.boolean(),
})
export type Notice = z.infer<typeof notice>

/** A table of a summary; its cells are numbers or texts. */
export const reportTable = z.object({
  title: text,
  columns: z.array(text),
  rows: z.array(z.array(z.union([z.number(), text]))),
})
export type ReportTable = z.infer<typeof reportTable>

/** Something that the calendar makes owed. `figures` are those that were signed, or those of now while it is open. */
export const dutyView = z.object({
  id: z.string(),
  routine: z.string(),
  name: words,
  source: z.string(),
  owes: z.string(),
  /** The posts of this site that owe it. */
  posts: z.array(words),
  evidence: z.string(),
  period: z.string(),
  targetAt: z.number().nullable(),
  limitAt: z.number(),
  /** Whether its day is a holiday is not known: that year is not in the calendar. */
  dayUnknown: z.boolean(),
  missedAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  doneBy: z.string().nullable(),
  note: z.string().nullable(),
  figures: z.record(z.string(), z.number()).nullable(),
  /** Likewise the tables of its summary; left out of lists. */
  tables: z.array(reportTable),
  /** The cases that each figure counts; left out of lists. */
  behind: z.record(
    z.string(),
    z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        procedure: z.string(),
        place: z.string().nullable(),
        state: z.string(),
        urgent: z.boolean(),
      }),
    ),
  ),
  /** What it is about, ms; left out of lists. */
  stretch: z.object({ from: z.number(), to: z.number() }).nullable(),
})
export type DutyView = z.infer<typeof dutyView>

export const myDay = z.object({
  duties: z.array(dutyView),
  open: z.array(caseHead),
  ended: z.array(caseHead),
  /** What of his agenda is still to begin or to end today: shifts, bookings. */
  agenda: z.array(z.object({ id: z.string(), from: z.number(), to: z.number(), what: text, where: z.string() })),
  /** Hours in which nobody answers (C6); null once the site says who does. */
  uncovered: z.object({ from: z.string(), to: z.string() }).nullable(),
  /** Who is on duty today, by the rosters in force. */
  onDuty: z.array(
    z.object({
      shift: z.string(),
      person: z.string(),
      department: z.string().nullable(),
      tel: z.string(),
      languages: z.string(),
      /** The roster names somebody who is on leave. */
      onLeave: z.boolean(),
    }),
  ),
})
export type MyDay = z.infer<typeof myDay>

export const visitProposal = z.object({
  week: z.string(),
  completed: z.number(),
  visited: z.number(),
  begun: z.number(),
  owed: z.number(),
  sample: z.array(caseHead),
})
export type VisitProposal = z.infer<typeof visitProposal>

/** How far a shift is from being handed over (R61). */
export const handoverReadiness = z.object({
  /** The one that he has begun. */
  handover: z.object({ id: z.string(), number: z.string(), state: z.string() }).nullable(),
  /** What still wants a word; the first of them named. */
  lacking: z.object({ n: z.number(), named: z.array(z.object({ kind: z.string(), text })) }),
  taken: z.array(z.object({ kind: z.string(), n: z.number() })),
  /** The number of a matter for which no shift is handed over. */
  grave: z.string().nullable(),
  /** Major equipment that is starting or stopping. */
  moving: z.array(words),
})
export type HandoverReadiness = z.infer<typeof handoverReadiness>
