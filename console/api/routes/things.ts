import { z } from 'zod'
import { recordHistory } from '../models/tenants.ts'
import { thing, thingKindView } from '../models/things.ts'
import type { RouteTable } from '../route.ts'

const kind = z.string().max(40)
const id = z.string().max(40)
const form = z.record(z.string().max(40), z.unknown())

export const thingsRoutes = {
  'GET /things': {
    summary: "The kinds of the site's own things that this person sees, as data",
    answer: z.array(thingKindView),
  },
  'GET /things/:kind': {
    summary: 'The things of a kind, also those that are gone',
    params: z.object({ kind }),
    answer: z.array(thing),
  },
  'POST /things/:kind': {
    summary: 'A further thing of a kind',
    params: z.object({ kind }),
    body: z.strictObject({ form }),
    answer: thing,
  },
  'PUT /things/:kind/:id': {
    summary: 'Changes what is said of a thing; 409 when it is not as it was seen',
    params: z.object({ kind, id }),
    body: z.strictObject({ form, was: form }),
    answer: thing,
  },
  'DELETE /things/:kind/:id': {
    summary: 'There is none of it any more; refused while it is lent or reserved',
    params: z.object({ kind, id }),
    answer: z.object({ id }),
  },
  'GET /things/:kind/:id/history': {
    summary: 'What was said of it before, by whom it was changed, and when',
    params: z.object({ kind, id }),
    answer: recordHistory,
  },
} as const satisfies RouteTable
