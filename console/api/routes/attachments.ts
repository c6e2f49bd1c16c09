import { z } from 'zod'
import { drawingSum } from '../drawing.ts'
import { attachmentTypes, attachmentView } from '../models/cases.ts'
import type { RouteTable } from '../route.ts'

export const attachmentsRoutes = {
  'GET /cases/:id/attachments': {
    summary: 'What is attached to a case',
    params: z.object({ id: z.string().max(40) }),
    answer: z.array(attachmentView),
  },
  'POST /cases/:id/attachments': {
    summary: 'Attaches a photo, scan or document (JPEG, PNG, WebP, PDF; at most 8 MB)',
    upload: attachmentTypes,
    params: z.object({ id: z.string().max(40) }),
    query: z.object({ name: z.string().trim().min(1).max(120) }),
    body: z.instanceof(Uint8Array),
    answer: z.array(attachmentView),
  },
  'GET /drawings/:record/:sum': {
    summary: 'A signature as it was drawn or scanned (PNG), of a case or a register entry',
    params: z.object({ record: z.string().max(40), sum: drawingSum }),
  },
  'GET /attachments/:id': {
    summary: 'The attached file itself',
    params: z.object({ id: z.string().max(40) }),
  },
} as const satisfies RouteTable
