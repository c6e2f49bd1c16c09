import { z } from 'zod'
import { alarmKind, suppressedAlarm } from '#contract/alarm'
import { alarmFigures, alarmPost, delayProposal } from '../models/alarmFigures.ts'
import { alarmPageView } from '../models/alarmPage.ts'
import { type AlarmPlace, alarm, openAlarmCount, pastFlood } from '../models/live.ts'
import type { RouteTable } from '../route.ts'
import { type Shift, shifts } from '../shifts.ts'
import { codes } from '../words/languages.ts'

const byId = z.object({ id: z.string().max(40) })
/** Of the last alarm of a page: its level, when it was raised, its id. */
const place = z
  .string()
  .regex(/^[1-4],\d{1,16},[0-9A-Z]{26}$/)
  .transform((text): AlarmPlace => {
    const [level = '', raisedAt = '', id = ''] = text.split(',')
    return { level: Number(level) as AlarmPlace['level'], raisedAt: Number(raisedAt), id }
  })
const history = z.object({
  q: z.string().trim().max(80).default(''),
  level: z.coerce.number().int().min(1).max(4).optional(),
  kind: alarmKind.optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
})
/** Of the year 2100: what lies beyond was never meant. */
const latestMoment = 4_102_444_800_000
/** Until when, and why. */
const aside = z.object({ until: z.number().int().max(latestMoment), why: z.string().trim().min(1).max(300) })
const note = z.object({ note: z.string().trim().max(500).optional() })

export const alarmsRoutes = {
  'GET /alarms': {
    summary: 'Alarms that are not over, most severe first, in pages: a page comes after the last of the one before',
    right: 'see-alarms',
    whileLocked: true,
    query: z.object({ after: place.optional() }),
    answer: z.array(alarm),
  },
  'GET /alarms/history': {
    summary: 'All alarms that there were, the newest first, by text, level, kind and dates',
    right: 'see-alarms',
    query: history.extend({ before: z.coerce.number().optional() }),
    answer: z.array(alarm),
  },
  'GET /alarms/history.:kind': {
    summary: 'The same as a file for a spreadsheet',
    right: 'see-alarms',
    params: z.object({ kind: z.enum(['csv', 'xlsx']) }),
    query: history.extend({ language: z.enum(codes).default('zh') }),
  },
  'GET /alarms/counts': {
    summary: 'How many alarms are not over, by level and state',
    right: 'see-alarms',
    whileLocked: true,
    answer: z.array(openAlarmCount),
  },
  'GET /alarms/figures': {
    summary:
      'The published figures of alarm management for some days, all or one shift, all or what one post has acknowledged, and delays that the record proposes',
    right: 'see-alarms',
    query: z.object({
      from: z.iso.date(),
      to: z.iso.date(),
      shift: z.enum(Object.keys(shifts) as [Shift, ...Shift[]]).optional(),
      post: z.string().max(40).optional(),
    }),
    answer: z.object({ figures: alarmFigures, posts: z.array(alarmPost), proposals: z.array(delayProposal) }),
  },
  'GET /alarms/by-design': {
    summary: 'What would be an alarm if the plant were run otherwise: silent by the design of the site, and counted',
    right: 'see-alarms',
    whileLocked: true,
    answer: z.array(suppressedAlarm),
  },
  'GET /alarms/floods': {
    summary: 'Floods of alarms: when each began, its peak, its end, and what came first',
    right: 'see-alarms',
    answer: z.array(pastFlood),
  },
  'GET /alarms/:id': {
    summary: 'One alarm: cause, consequence, what to do, whom to telephone, and the last times with what was done then',
    right: 'see-alarms',
    params: byId,
    answer: alarmPageView,
  },
  'POST /alarms/ack': {
    summary: 'Acknowledges alarms that were seen, together; of level 1 none. Answers which',
    right: 'act-on-alarms',
    body: z.object({ ids: z.array(z.string().max(40)).min(1).max(500) }),
    answer: z.array(z.string()),
  },
  'POST /alarms/:id/ack': {
    summary: 'Acknowledges: I have seen it',
    right: 'act-on-alarms',
    params: byId,
    body: note,
  },
  'POST /alarms/:id/own': {
    summary: 'Takes ownership: I deal with it',
    right: 'act-on-alarms',
    params: byId,
  },
  'POST /alarms/:id/reset': {
    summary: 'Resets a latched alarm whose condition is over',
    right: 'act-on-alarms',
    params: byId,
  },
  'POST /alarms/:id/shelve': {
    summary: 'Takes an alarm out of sight until then; it comes back by itself. Level 1 never',
    right: 'shelve-alarms',
    params: byId,
    body: aside,
  },
  'POST /alarms/:id/out-of-service': {
    summary: 'Takes an alarm, or all of its device, out of service until then. Level 1 never',
    right: 'take-out-of-service',
    params: byId,
    body: aside.extend({ wholeDevice: z.boolean() }),
  },
  'POST /suppressions/:id/give-back': {
    summary: 'Brings back into sight what was shelved or out of service; what stands calls anew',
    right: 'act-on-alarms',
    params: byId,
  },
  'POST /suppressions/:id/extend': {
    summary:
      'What is shelved or out of service stays so until another time; whose it is is told. Asks for the right to set it aside',
    right: 'act-on-alarms',
    params: byId,
    body: z.object({ until: z.number().int().max(latestMoment) }),
  },
  'POST /alarms/:id/notes': {
    summary: 'Adds a note',
    right: 'act-on-alarms',
    params: byId,
    body: z.object({ note: z.string().trim().min(1).max(500) }),
  },
} as const satisfies RouteTable
