import { z } from 'zod'
import { words } from '#contract/names'
import { pointRole } from '#contract/pointRoles'
import { condition } from '../conditions.ts'
import { screenGroups, screenIcons } from '../screens.ts'
import { type Shift, shifts } from '../shifts.ts'
import { text } from '../words/text.ts'
import { alarm, linkageView } from './live.ts'

/** Cases of every procedure, and the procedures as screens need them. */

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
  /** `lead`: the lead of the shift has done it in the name of whoever has it; `stand-in`: somebody in the lead's stead. */
  doneAs: z.enum(['own', 'lead', 'stand-in']),
  /** Whom the ticket has told that it is his. */
  has: z.array(z.string()),
  /** As what the user who asks may answer for it; null: it is not his. */
  answersAs: z.enum(['own', 'lead', 'stand-in']).nullable(),
  overdueAt: z.number().nullable(),
  /** Set aside: not done, and why. */
  aside: z.object({ at: z.number(), by: z.string(), why: z.string() }).nullable(),
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
  ownerId: z.string().nullable(),
  /** In whose hands it is now; the owner stays responsible to the customer until it ends (R3). */
  department: z.string().nullable(),
  handler: z.string().nullable(),
  handlerId: z.string().nullable(),
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

/**
 * What a ticket told to whom. Somebody without `seenAt` who had no screen has not been told yet; a post with no people had
 * nobody on duty.
 */
export const telling = z.object({
  notice: z.string(),
  at: z.number(),
  /** The step that was overdue; null for the opening. */
  step: z.number().nullable(),
  posts: z.array(
    z.object({
      name: words,
      people: z.array(z.object({ name: z.string(), onScreen: z.boolean(), seenAt: z.number().nullable() })),
    }),
  ),
})
export type Telling = z.infer<typeof telling>

/** One thing of a shift handover. `over` once it is no longer so; what needs a remark may not go over without. */
export const handoverItem = z.object({
  n: z.number(),
  kind: z.enum(['emergency', 'case', 'alarm', 'hold', 'equipment', 'booking', 'note', 'goods']),
  ref: z.string(),
  text,
  needsRemark: z.boolean(),
  remark: z.string().nullable(),
  /** What was said of the same matter when it last went over; null where nothing was, or it may not be read here. */
  before: z.string().nullable(),
  over: z.boolean(),
  checkedBy: z.string().nullable(),
  checkedById: z.string().nullable(),
  checkedAt: z.number().nullable(),
})
export type HandoverItem = z.infer<typeof handoverItem>

/** One person on one shift of a roster; dates of the site. */
export const rosterShift = z.object({ date: z.string(), shift: z.string(), person: z.string() })
/** A line of a roster as it is written. */
export const rosterLine = z.strictObject({
  date: z.iso.date(),
  shift: z.enum(Object.keys(shifts) as [Shift, ...Shift[]]),
  person: z.string().trim().min(1).max(60),
})
export type RosterShift = z.infer<typeof rosterShift>

export const fieldView = z.object({
  key: z.string(),
  label: words,
  kind: z.enum([
    'text',
    'person',
    'date',
    'month',
    'long',
    'phone',
    'time',
    'choice',
    'flag',
    'unit',
    'plan',
    'thing',
    'device',
    'money',
    'drawing',
    'case',
  ]),
  /** Of which kind of the site's own things it names one; or of which procedure a case. */
  things: z.string().nullable(),
  /** A device that it names has a point of this role. */
  role: pointRole.nullable(),
  required: z.boolean(),
  requiredWhen: condition.nullable(),
  /** `doer`: nobody fills it in, it becomes the name of whoever is signed in. `customer`: typed by the desk, and marked so. */
  signs: z.enum(['doer', 'customer']).nullable(),
  choices: z.array(z.object({ value: z.string(), label: words })),
  /** What is often said here. */
  phrases: z.array(words),
})
export type FieldView = z.infer<typeof fieldView>

/** A row of a case, with a state and a signature of its own. */
export const caseLine = z.object({
  id: z.string(),
  list: z.string(),
  n: z.number(),
  state: z.string(),
  form: z.record(z.string(), z.unknown()),
  /** What was said with each step of it so far, by whom and when. */
  facts: z.record(z.string(), z.unknown()),
  changedAt: z.number(),
  settled: z.boolean(),
  /** The case that was opened from it. */
  waitsFor: z.string().nullable(),
  /** What this user may do with it now. */
  verbs: z.array(z.string()),
})
export type CaseLine = z.infer<typeof caseLine>

export const caseFull = caseHead.extend({
  lines: z.array(caseLine),
  deadlines: z.array(deadlineView),
  /** Whether this user may correct the form now. */
  correctable: z.boolean(),
  events: z.array(caseEvent),
  steps: z.array(caseStep),
  /** Who leads the shift now; nobody of what is over. */
  leads: z.array(z.string()),
  /** Where an emergency is: its own place, and those of what was merged into it. */
  places: z.array(z.string()),
  told: z.array(telling),
  items: z.array(handoverItem),
  shifts: z.array(rosterShift),
  alarms: z.array(alarm),
  linkages: z.array(linkageView),
  links: z.array(z.object({ id: z.string(), number: z.string(), procedure: z.string(), relation: z.string() })),
  /** What this user may do now: verb -> why it is blocked, or null when it is free. */
  verbs: z.record(z.string(), z.string().nullable()),
})
export type CaseFull = z.infer<typeof caseFull>

/** A list of rows of a procedure, as screens need it. */
export const lineListView = z.object({
  key: z.string(),
  name: words,
  source: z.string(),
  fields: z.array(fieldView),
  about: z.string(),
  mayAdd: z.boolean(),
  /** The states of the case in which its rows are written. */
  in: z.array(z.string()),
  states: z.record(z.string(), z.object({ name: words, settled: z.boolean() })),
  steps: z.record(z.string(), z.object({ label: words, asks: z.array(fieldView) })),
  emptyOnPaper: z.number(),
})
export type LineListView = z.infer<typeof lineListView>

/** What may be attached. */
export const attachmentTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const
export type AttachmentType = (typeof attachmentTypes)[number]
export const attachmentView = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  at: z.number(),
  by: z.string(),
})
export type AttachmentView = z.infer<typeof attachmentView>

/** A side on which cases are counted: `state`, `tenant`, `department`, `urgent`, `form.KEY` or `clock.KEY`; an empty value is where nothing was said. */
export const figuresGroup = z.object({
  by: z.string(),
  /** What the definition calls the side and its values; null where every procedure has it. */
  name: words.nullable(),
  values: z.array(z.object({ value: z.string(), name: words.nullable(), n: z.number() })),
})
export type FiguresGroup = z.infer<typeof figuresGroup>
/** `bars`: opened on each day, or in each month of a long stretch. */
export const caseFigures = z.object({
  count: z.number(),
  ended: z.number(),
  bars: z.array(z.object({ at: z.string(), n: z.number() })),
  groups: z.array(figuresGroup),
})
export type CaseFigures = z.infer<typeof caseFigures>

/** `things`: what can be reserved, by id; `of`: for whom, unless that is kept from whoever asks. */
export const reservations = z.object({
  things: z.array(z.string()),
  taken: z.array(
    z.object({
      resource: z.string(),
      from: z.number(),
      to: z.number(),
      of: z
        .object({ id: z.string(), number: z.string(), procedure: z.string(), tenant: z.string().nullable(), state: z.string() })
        .nullable(),
    }),
  ),
})
export type Reservations = z.infer<typeof reservations>

/** A procedure as screens need it. */
export const procedureView = z.object({
  id: z.string(),
  version: z.number(),
  name: words,
  /** What it is for, in a sentence. */
  purpose: words,
  source: z.string(),
  prefix: z.string(),
  /** Whether what is opened now is opened under this version; others are there for what is still open under them. */
  inForce: z.boolean(),
  /** It comes before everything else. */
  first: z.boolean(),
  /** Its place in the navigation. */
  list: z.object({ name: words, group: z.enum(screenGroups), icon: z.enum(screenIcons), pinned: z.boolean() }),
  /** The button by which it comes of a call, with what is known of its form by that alone. */
  call: z.object({ name: words, key: z.string(), says: z.record(z.string(), z.unknown()) }).nullable(),
  /** The key of the field that says what a case is about. */
  about: z.string(),
  fields: z.array(fieldView),
  /** `main`: the step that is offered first. */
  states: z.record(z.string(), z.object({ name: words, ends: z.boolean(), main: z.string().nullable() })),
  /** The states of a case that goes straight through. */
  path: z.array(z.string()),
  /** `from`: the states in which people may take the step. */
  verbs: z.record(
    z.string(),
    z.object({
      label: words,
      from: z.array(z.string()),
      to: z.string(),
      when: condition.nullable(),
      asks: z.array(fieldView),
      /** Lists of which every row must be settled first. */
      settled: z.array(z.string()),
    }),
  ),
  lines: z.array(lineListView),
  /** In these states an urgent one calls aloud until somebody takes it up. */
  calls: z.array(z.string()),
  /** Whether this user may open one. */
  opensByHand: z.boolean(),
  /** In these states somebody may be sent to ask the customer. */
  visitedIn: z.array(z.string()),
  /** Procedures that people open because of a case of this one. */
  leadsTo: z.array(z.string()),
  printed: words,
  /** It books hours of a zone. */
  booksZones: z.boolean(),
  /** It fills a page of its own on paper. */
  wholePage: z.boolean(),
  /** Room on its paper that is filled in by hand. */
  byHand: z.array(words),
})
export type ProcedureView = z.infer<typeof procedureView>
