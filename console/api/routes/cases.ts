import { z } from 'zod'
import { instantText } from '../instant.ts'
import { language } from '../language.ts'
import { caseFigures, caseFull, caseHead, procedureView, reservations } from '../models/cases.ts'
import type { RouteTable } from '../route.ts'

const byId = z.object({ id: z.string().max(40) })

const figuresAsked = z.object({ procedure: z.string().max(40), from: z.iso.date(), to: z.iso.date() })

export const casesRoutes = {
  'GET /procedures': {
    summary: 'The procedures of this desk as data, with the versions under which cases may still be open',
    answer: z.array(procedureView),
  },
  'GET /cases': {
    summary: 'Cases of a procedure, newest first',
    query: z.object({
      procedure: z.string().max(40),
      open: z.enum(['true', 'false']).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(200),
      /** The last one of the page before. */
      before: z.string().max(40).optional(),
    }),
    answer: z.array(caseHead),
  },
  'GET /cases.:kind': {
    summary: 'The cases of a procedure for a spreadsheet, as this person may see them; formulas cannot hide in it',
    params: z.object({ kind: z.enum(['csv', 'xlsx']) }),
    query: z.object({
      procedure: z.string().max(40),
      from: z.iso.date(),
      to: z.iso.date(),
      language,
    }),
  },
  'GET /cases/:id': {
    summary: 'One case with its history, steps, alarms and links',
    params: byId,
    answer: caseFull,
  },
  'GET /case-figures': {
    summary: 'How many cases of a procedure were opened between two dates, when, and how they stand on each side',
    query: figuresAsked,
    answer: caseFigures,
  },
  'GET /case-figures/records': {
    summary: 'The cases behind one of those numbers, the newest first, up to 200',
    query: figuresAsked.extend({ by: z.string().max(60), value: z.string().max(60) }),
    answer: z.array(caseHead),
  },
  'GET /reservations': {
    summary: 'What cases have to themselves in a stretch of time, and what can be had so',
    query: z.object({ from: instantText, to: instantText }),
    answer: reservations,
  },
  'POST /cases': {
    summary: 'Opens a case by hand',
    body: z.strictObject({
      procedure: z.string().max(40),
      form: z.record(z.string(), z.unknown()),
      urgent: z.boolean().default(false),
      /** The case that led to this one. */
      from: z.string().max(40).nullable().default(null),
      /** The entry of a register that led to this one. */
      fromEntry: z.string().max(40).nullable().default(null),
      /** A name of the sender's making: sent twice, it is one case. */
      sentAs: z.ulid().nullable().default(null),
      /** What goes into a register with it, in the same transaction: where none is named, the call of which it came. */
      entry: z
        .strictObject({ register: z.string().max(40).optional(), form: z.record(z.string().max(40), z.unknown()) })
        .nullable()
        .default(null),
    }),
    answer: caseFull,
  },
  'POST /cases/:id/acts/:verb': {
    summary: 'Carries out one step of the procedure',
    params: z.object({ id: z.string().max(40), verb: z.string().max(40) }),
    body: z.record(z.string().max(40), z.unknown()),
    answer: caseFull,
  },
  'POST /cases/:id/lines/:list': {
    summary: 'Writes a further row into a list of the case',
    params: z.object({ id: z.string().max(40), list: z.string().max(40) }),
    body: z.strictObject({ form: z.record(z.string().max(40), z.unknown()) }),
    answer: caseFull,
  },
  'POST /cases/:id/lines/:line/acts/:verb': {
    summary: 'Takes a step of a row; 409 when it is no longer in the state that was seen',
    params: z.object({ id: z.string().max(40), line: z.string().max(40), verb: z.string().max(40) }),
    body: z.strictObject({ seen: z.string().max(40), said: z.record(z.string().max(40), z.unknown()).default({}) }),
    answer: caseFull,
  },
  'POST /cases/:id/corrections': {
    summary: 'Corrects the form, with a reason; 409 with what changed meanwhile when it is not the newest that was seen',
    params: byId,
    body: z.strictObject({
      form: z.record(z.string().max(40), z.unknown()),
      urgent: z.boolean().optional(),
      reason: z.string().trim().min(1).max(500),
      revision: z.number().int().nonnegative(),
    }),
    answer: caseFull,
  },
  'POST /cases/:id/notes': {
    summary: 'Writes a note',
    params: byId,
    body: z.strictObject({ note: z.string().trim().min(1).max(1000) }),
  },
  'POST /cases/:id/prints': {
    summary: 'Notes that the form was printed; from the second time on it is a reprint (补打)',
    params: byId,
    answer: z.object({ copy: z.number() }),
  },
} as const satisfies RouteTable
