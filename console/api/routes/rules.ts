import { z } from 'zod'
import { presetIds } from '../manuals.ts'
import { calendarDay, notice, routineView, settingView } from '../models/duties.ts'
import type { RouteTable } from '../route.ts'

const settingValue = z.union([z.number(), z.string(), z.boolean(), z.null()])
const why = z.string().trim().min(1).max(300)

export const rulesRoutes = {
  'GET /settings': {
    summary: 'Every point that the manuals leave to the site, with its value, its default and what the manuals say',
    right: 'see-settings',
    answer: z.array(settingView),
  },
  'PUT /settings/:key': {
    summary: 'Changes one setting, with its reason',
    right: 'change-settings',
    params: z.object({ key: z.string().max(60) }),
    body: z.strictObject({ value: settingValue, reason: why }),
    answer: z.array(settingView),
  },
  'POST /settings/preset': {
    summary: "Takes over one manual's values, and the defaults for what it leaves open",
    right: 'change-settings',
    body: z.strictObject({ preset: z.enum(presetIds) }),
    answer: z.array(settingView),
  },
  'GET /routines': {
    summary: 'What this kind of site owes by the calendar, with the posts that could owe it',
    right: 'see-settings',
    answer: z.array(routineView),
  },
  'PUT /routines/:id/posts': {
    summary: 'Names the posts that owe a duty, with its reason; none for all that carry its role',
    right: 'change-settings',
    params: z.object({ id: z.string().max(40) }),
    body: z.strictObject({ posts: z.array(z.string().max(40)).max(100), reason: why }),
    answer: z.array(routineView),
  },
  'GET /calendar': {
    summary: 'Statutory holidays, rest days in lieu and make-up workdays of a year',
    query: z.object({ year: z.string().regex(/^\d{4}$/) }),
    answer: z.array(calendarDay),
  },
  'PUT /calendar': {
    summary: 'Loads or changes days of the calendar; all of them or none',
    right: 'change-settings',
    body: z.strictObject({ days: z.array(calendarDay).min(1).max(400) }),
  },
  'DELETE /calendar/:date': {
    summary: 'Takes a day out of the calendar: it follows its weekday again',
    right: 'change-settings',
    params: z.object({ date: z.iso.date() }),
  },
  'GET /notices': {
    summary: 'What this person has been told and has not put away',
    answer: z.array(notice),
  },
  'POST /notices/:id/seen': {
    summary: 'Puts a notice away, for this person only',
    params: z.object({ id: z.string().max(40) }),
  },
} as const satisfies RouteTable
