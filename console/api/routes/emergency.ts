import { z } from 'zod'
import { caseFull } from '../models/cases.ts'
import type { RouteTable } from '../route.ts'
import { text } from '../words/text.ts'

const step = z.object({ id: z.string().max(40), n: z.coerce.number().int().min(1) })

export const emergencyRoutes = {
  'POST /emergencies': {
    summary: 'Reports something major that no alarm has raised (R62); an open ticket of the same kind and place takes it up',
    right: 'raise-emergency',
    whileLocked: true,
    body: z.strictObject({
      kind: z.string().max(40),
      place: z.string().max(40).nullable(),
      what: z.string().trim().min(1).max(200),
      /** Nothing burns: a drill, from the first message to the last line. */
      drill: z.enum(['shadow', 'simulators']).optional(),
    }),
    answer: caseFull,
  },
  'GET /emergencies/:number/draft': {
    summary: 'What the books know of an event, as a beginning of its written report (R62, T67)',
    right: 'see-alarms',
    params: z.object({ number: z.string().max(40) }),
    answer: z.object({ text }),
  },
  'POST /cases/:id/merge': {
    summary: 'Two tickets of one event: this one ends, its alarms go on with the other, both keep their histories',
    right: 'merge-emergencies',
    params: z.object({ id: z.string().max(40) }),
    body: z.strictObject({ into: z.string().max(40), reason: z.string().trim().min(2).max(300) }),
    answer: caseFull,
  },
  'POST /cases/:id/steps/:n/done': {
    summary: 'Ticks a step of an emergency plan',
    right: 'see-alarms',
    params: step,
  },
  'POST /cases/:id/steps/:n/take-back': {
    summary: 'A step that was ticked or set aside is to be done after all, with the reason; steps that waited for it wait again',
    right: 'see-alarms',
    params: step,
    body: z.strictObject({ reason: z.string().trim().min(2).max(300) }),
  },
  'POST /cases/:id/steps/:n/set-aside': {
    summary: 'Sets a step of an emergency plan aside, with its reason: this case does not need it',
    right: 'see-alarms',
    params: step,
    body: z.strictObject({ reason: z.string().trim().min(2).max(300) }),
  },
} as const satisfies RouteTable
