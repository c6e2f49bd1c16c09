import { z } from 'zod'
import { alarmFact } from '#contract/alarm'
import { commandStep, refusal } from '#contract/journal'
import { journalState, linkState, pointInfo } from '#contract/messages'
import { pointRef, slug, words } from '#contract/names'
import { priorityArray } from '#contract/priority'
import { scalar } from '#contract/quality'
import { roles } from './rights.ts'

/** What server and web agree on. Times are ms of the site's wall clock, money is fen. */

export const user = z.object({
  id: z.string(),
  name: z.string(),
  display: z.string(),
  /** The name of his post at this site. */
  post: words,
  postId: z.string(),
  roles: z.array(z.enum(roles)),
})
export type User = z.infer<typeof user>

export const signIn = z.object({ name: z.string().min(1).max(60), password: z.string().min(1).max(200) })

/** An alarm as the console keeps it: the fact, and who did what about it (ISA-18.2 / IEC 62682). */
export const alarm = alarmFact.extend({
  source: z.string(),
  returnedAt: z.number().nullable(),
  ackedAt: z.number().nullable(),
  ackedBy: z.string().nullable(),
  owner: z.string().nullable(),
  notes: z.array(z.object({ at: z.number(), by: z.string(), text: z.string() })),
  ticket: z.string().nullable(),
})
export type Alarm = z.infer<typeof alarm>

export const alarmState = (a: Pick<Alarm, 'returnedAt' | 'ackedAt'>): 'active' | 'acked' | 'returned' | 'gone' => {
  if (a.returnedAt === null) return a.ackedAt === null ? 'active' : 'acked'
  return a.ackedAt === null ? 'returned' : 'gone'
}

export const commandView = z.object({
  id: z.string(),
  point: pointRef,
  value: scalar,
  level: z.number(),
  kind: z.enum(['hold', 'release', 'release-fire', 'agent']),
  by: words,
  at: z.number(),
  until: z.number().nullable(),
  step: z.union([z.literal('sent'), commandStep]),
  reason: refusal.nullable(),
  read: scalar.nullable(),
  steps: z.array(z.object({ step: commandStep, at: z.number(), ms: z.number() })),
})
export type CommandView = z.infer<typeof commandView>

export const agentView = z.object({
  id: z.string(),
  name: words,
  online: z.boolean(),
  since: z.number(),
  heardAt: z.number(),
  links: z.record(z.string(), linkState),
  rejected: z.number(),
  journalN: z.number(),
  programmeRevision: z.number(),
  /** What the agent has refused of the programme in force, with its reasons. */
  refused: z.array(z.object({ id: z.string(), reason: z.string() })),
  journal: journalState.nullable(),
  /** By how much its wall clock is ahead of the console's, ms of wall time. */
  clockAheadMs: z.number(),
})
export type AgentView = z.infer<typeof agentView>

export const holdersView = z.object({ point: pointRef, array: priorityArray, wantedButHeld: z.boolean() })
export type HoldersView = z.infer<typeof holdersView>

/** A line of a case's history: append-only (design §6). */
export const caseEvent = z.object({
  n: z.number(),
  at: z.number(),
  by: z.string(),
  station: z.string(),
  verb: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  note: z.string(),
  detail: z.record(z.string(), z.unknown()),
})
export type CaseEvent = z.infer<typeof caseEvent>

export const caseStep = z.object({
  n: z.number(),
  text: words,
  owner: words,
  source: z.string().nullable(),
  withinS: z.number().nullable(),
  after: z.number().nullable(),
  startedAt: z.number().nullable(),
  dueAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  doneBy: z.string().nullable(),
  overdueAt: z.number().nullable(),
})
export type CaseStep = z.infer<typeof caseStep>

export const caseHead = z.object({
  id: z.string(),
  procedure: z.string(),
  version: z.number(),
  number: z.string(),
  state: z.string(),
  place: z.string().nullable(),
  tenant: z.string().nullable(),
  owner: z.string(),
  /** In whose hands it is now; the owner stays responsible to the customer until it ends (R3). */
  department: z.string().nullable(),
  handler: z.string().nullable(),
  openedAt: z.number(),
  changedAt: z.number(),
  endedAt: z.number().nullable(),
  urgent: z.boolean(),
  form: z.record(z.string(), z.unknown()),
  facts: z.record(z.string(), z.unknown()),
  /** Counts acts and corrections; sent back with an act, it tells of what happened meanwhile. */
  revision: z.number(),
  /** Of the deadline that runs out first: its limit, and when it is said to be near. */
  dueAt: z.number().nullable(),
  warnAt: z.number().nullable(),
})
export type CaseHead = z.infer<typeof caseHead>

export const linkageView = z.object({
  compartment: z.string(),
  event: z.string(),
  linkage: z.string(),
  name: words,
  triggeredAt: z.number().nullable(),
  startMs: z.number().nullable(),
  startLimitMs: z.number().nullable(),
  feedbackMs: z.number().nullable(),
  feedbackLimitMs: z.number().nullable(),
  missing: z.boolean(),
  releasedAt: z.number().nullable(),
})
export type LinkageView = z.infer<typeof linkageView>

/** What an engineer looks into: the programme of a week, what the books hold of each journal, each linkage's last times. */
export const engineering = z.object({
  programme: z.object({
    revision: z.number(),
    madeAt: z.number(),
    days: z.array(z.object({ date: z.string(), from: z.number(), to: z.number(), exception: words.nullable() })),
    zones: z.array(
      z.object({
        zone: z.string(),
        stretches: z.array(z.object({ from: z.number(), to: z.number(), booked: z.boolean(), what: words })),
      }),
    ),
  }),
  journals: z.array(
    z.object({
      agent: z.string(),
      received: z.number(),
      gaps: z.number(),
      quarantine: z.number(),
    }),
  ),
  linkages: z.array(linkageView),
})
export type Engineering = z.infer<typeof engineering>

/** A clock of a case, as it runs or ran. */
export const deadlineView = z.object({
  key: z.string(),
  name: words,
  source: z.string(),
  startedAt: z.number(),
  warnAt: z.number(),
  limitAt: z.number(),
  pausedAt: z.number().nullable(),
  missedAt: z.number().nullable(),
  escalatedAt: z.number().nullable(),
  metAt: z.number().nullable(),
})
export type DeadlineView = z.infer<typeof deadlineView>

/** One thing of a shift handover. `over` once it is no longer so; what needs a remark may not go over without. */
export const handoverItem = z.object({
  n: z.number(),
  kind: z.enum(['emergency', 'case', 'alarm', 'hold', 'equipment', 'booking']),
  ref: z.string(),
  text: words,
  needsRemark: z.boolean(),
  remark: z.string().nullable(),
  over: z.boolean(),
  checkedBy: z.string().nullable(),
  checkedAt: z.number().nullable(),
})
export type HandoverItem = z.infer<typeof handoverItem>

/** One person on one shift of a roster; dates of the site. */
export const rosterShift = z.object({ date: z.string(), shift: z.string(), person: z.string() })
export type RosterShift = z.infer<typeof rosterShift>

/** Somebody who works here. */
export const person = z.object({ display: z.string(), post: words })
export type Person = z.infer<typeof person>

const fieldView = z.object({
  key: z.string(),
  label: words,
  kind: z.enum(['text', 'person', 'date', 'month', 'long', 'phone', 'time', 'choice', 'flag', 'unit']),
  required: z.boolean(),
  requiredWhen: z.object({ field: z.string(), is: z.array(z.union([z.string(), z.boolean()])) }).nullable(),
  choices: z.array(z.object({ value: z.string(), label: words })),
})
export type FieldView = z.infer<typeof fieldView>

export const caseFull = caseHead.extend({
  deadlines: z.array(deadlineView),
  /** Whether this user may correct the form now. */
  correctable: z.boolean(),
  events: z.array(caseEvent),
  steps: z.array(caseStep),
  items: z.array(handoverItem),
  shifts: z.array(rosterShift),
  alarms: z.array(alarm),
  linkages: z.array(linkageView),
  links: z.array(z.object({ id: z.string(), number: z.string(), procedure: z.string(), relation: z.string() })),
  /** What this user may do now: verb -> why it is blocked, or null when it is free. */
  verbs: z.record(z.string(), z.string().nullable()),
})
export type CaseFull = z.infer<typeof caseFull>

const settingValue = z.union([z.number(), z.string(), z.boolean(), z.null()])
/** A point that the manuals leave to the site: null means that this site has no such rule. */
export const settingView = z.object({
  key: z.string(),
  name: words,
  source: z.string(),
  unit: z.enum(['min', '%', 'h', 'clock', 'count', 'text', 'flag', 'choice']),
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

/** Something that a role has been told. */
export const notice = z.object({
  id: z.string(),
  at: z.number(),
  kind: z.string(),
  record: z.string(),
  procedure: z.string().nullable(),
  text: words,
})
export type Notice = z.infer<typeof notice>

/** A table of a summary; its cells are numbers, texts, or words in both languages. */
export const reportTable = z.object({
  title: words,
  columns: z.array(words),
  rows: z.array(z.array(z.union([z.string(), z.number(), words]))),
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
  missedAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  doneBy: z.string().nullable(),
  note: z.string().nullable(),
  figures: z.record(z.string(), z.number()).nullable(),
  /** Likewise the tables of its summary; left out of lists. */
  tables: z.array(reportTable),
  /** What it is about, ms; left out of lists. */
  stretch: z.object({ from: z.number(), to: z.number() }).nullable(),
})
export type DutyView = z.infer<typeof dutyView>

export const myDay = z.object({
  duties: z.array(dutyView),
  open: z.array(caseHead),
  ended: z.array(caseHead),
  /** Hours in which nobody answers (C6); null once the site says who does. */
  uncovered: z.object({ from: z.string(), to: z.string() }).nullable(),
  /** Who is on duty today, by the rosters in force. */
  onDuty: z.array(z.object({ shift: z.string(), person: z.string(), department: z.string().nullable() })),
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

/** A line of a register; never changed, put right by another one that names it. */
export const registerEntry = z.object({
  id: z.string(),
  register: z.string(),
  number: z.string(),
  at: z.number(),
  by: z.string(),
  form: z.record(z.string(), z.unknown()),
  caseId: z.string().nullable(),
  corrects: z.string().nullable(),
  readAt: z.number().nullable(),
  readBy: z.string().nullable(),
  checkedAt: z.number().nullable(),
  checkedBy: z.string().nullable(),
})
export type RegisterEntry = z.infer<typeof registerEntry>

export const registerView = z.object({
  id: z.string(),
  name: words,
  source: z.string(),
  fields: z.array(fieldView),
  mayWrite: z.boolean(),
  mayRead: z.boolean(),
  readBySomebody: z.boolean(),
  mayCheck: z.boolean(),
  checkedBySomebody: z.boolean(),
})
export type RegisterView = z.infer<typeof registerView>

/** Something that was found: a case or a register entry. */
export const found = z.object({
  record: z.string(),
  kind: z.string(),
  number: z.string(),
  at: z.number(),
  /** The value of the field that says what it is about. */
  about: z.unknown(),
  place: z.string().nullable(),
  tenant: z.string().nullable(),
  state: z.string().nullable(),
})
export type Found = z.infer<typeof found>

/** Who is calling, as far as the desk knows: the tenant, its units, and its last matters. */
export const caller = z.object({
  tenant: z.object({ id: z.string(), name: z.string(), short: z.string(), contact: z.string(), phone: z.string() }),
  zones: z.array(z.string()),
  last: z.array(caseHead),
})
export type Caller = z.infer<typeof caller>

export const attachmentView = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  at: z.number(),
  by: z.string(),
})
export type AttachmentView = z.infer<typeof attachmentView>

/** A procedure as screens need it. */
export const procedureView = z.object({
  id: z.string(),
  version: z.number(),
  name: words,
  source: z.string(),
  prefix: z.string(),
  /** The key of the field that says what a case is about. */
  about: z.string(),
  fields: z.array(fieldView),
  states: z.record(z.string(), z.object({ name: words, ends: z.boolean() })),
  /** The states of a case that goes straight through. */
  path: z.array(z.string()),
  /** `from`: the states in which people may take the step. */
  verbs: z.record(
    z.string(),
    z.object({
      label: words,
      from: z.array(z.string()),
      to: z.string(),
      when: z.object({ field: z.string(), is: z.array(z.union([z.string(), z.boolean()])) }).nullable(),
      asks: z.array(fieldView),
    }),
  ),
  /** Whether this user may open one. */
  opensByHand: z.boolean(),
  /** Procedures that people open because of a case of this one. */
  leadsTo: z.array(z.string()),
  printed: z.string(),
})
export type ProcedureView = z.infer<typeof procedureView>

export const siteView = z.object({
  id: slug,
  name: words,
  demo: z.boolean(),
  timeZone: z.string(),
  simTime: z.object({ rate: z.number() }).nullable(),
  centreHours: z.object({ from: z.number(), to: z.number() }),
  alwaysOn: z.array(z.string()),
  /** Rings after which the phone must be answered; null where the site has no such rule (C7). */
  phoneRings: z.number().nullable(),
  floors: z.array(z.object({ id: z.string(), name: words, order: z.number() })),
  zones: z.array(
    z.object({
      id: z.string(),
      name: words,
      floor: z.string(),
      side: z.enum(['west', 'east']),
      controller: z.string(),
      tenant: z.string().nullable(),
      unit: z.string().nullable(),
      pricePerHourFen: z.number().nullable(),
    }),
  ),
  devices: z.array(
    z.object({
      id: z.string(),
      name: words,
      profile: z.string(),
      bus: z.string(),
      unit: z.number().nullable(),
      prefix: z.string().nullable(),
      agent: z.string(),
      place: z.string().nullable(),
      feeds: z.array(z.string()),
      runs: z.object({ command: z.string(), feedback: z.string() }).nullable(),
    }),
  ),
  buses: z.array(z.object({ id: z.string(), name: words })),
  compartments: z.array(
    z.object({ id: z.string(), name: words, zones: z.array(z.string()), panel: z.string(), witnesses: z.array(z.string()) }),
  ),
  plans: z.array(
    z.object({
      kind: z.string(),
      name: words,
      source: z.string(),
      contacts: z.array(z.object({ name: words, phone: z.string() })),
    }),
  ),
})
export type SiteView = z.infer<typeof siteView>

export const deviceCatalogue = z.object({
  device: z.string(),
  profile: z.string(),
  evidence: z.string(),
  points: z.array(pointInfo),
})
export type DeviceCatalogue = z.infer<typeof deviceCatalogue>

/** One zone's booking on the timeline. */
export const booking = z.object({
  id: z.string(),
  number: z.string(),
  state: z.string(),
  zone: z.string(),
  tenant: z.string(),
  from: z.number(),
  to: z.number(),
  fen: z.number(),
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
  reason: words,
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
  note: words.nullable(),
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
