import { z } from 'zod'
import { type AlarmPlace, alarm, openAlarmCount } from '../models/live.ts'
import type { RouteTable } from '../route.ts'

const byId = z.object({ id: z.string().max(40) })
/** Of the last alarm of a page: its level, when it was raised, its id. */
const place = z
  .string()
  .regex(/^[1-4],\d{1,16},[0-9A-Z]{26}$/)
  .transform((text): AlarmPlace => {
    const [level = '', raisedAt = '', id = ''] = text.split(',')
    return { level: Number(level) as AlarmPlace['level'], raisedAt: Number(raisedAt), id }
  })
const note = z.object({ note: z.string().trim().max(500).optional() })

export const alarmsRoutes = {
  'GET /alarms': {
    summary:
      'Alarms that are not over, most severe first, in pages (a page comes after the last of the one before); or the latest of history',
    right: 'see-alarms',
    whileLocked: true,
    query: z.object({
      history: z.enum(['true', 'false']).default('false'),
      before: z.coerce.number().optional(),
      after: place.optional(),
    }),
    answer: z.array(alarm),
  },
  'GET /alarms/counts': {
    summary: 'How many alarms are not over, by level and state',
    right: 'see-alarms',
    whileLocked: true,
    answer: z.array(openAlarmCount),
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
  'POST /alarms/:id/notes': {
    summary: 'Adds a note',
    right: 'act-on-alarms',
    params: byId,
    body: z.object({ note: z.string().trim().min(1).max(500) }),
  },
} as const satisfies RouteTable
