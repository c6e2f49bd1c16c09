import { z } from 'zod'
import { words } from '#contract/names'
import { attachmentTypes } from '../models/cases.ts'
import { customerLink, doorReport, ownMatters } from '../models/selfService.ts'
import type { RouteTable } from '../route.ts'

const token = z.object({ token: z.string().regex(/^[\w-]{32}$/) })
const made = z.object({ id: z.string(), token: z.string() })

export const selfServiceRoutes = {
  'GET /customer-links': {
    summary: 'The links that customers have: at the doors of units, and of contacts of tenants',
    right: 'keep-tenants',
    answer: z.array(customerLink),
  },
  'POST /customer-links': {
    summary: 'Makes a link for a door or for a contact. What opens a contact’s link is told here and never again',
    right: 'keep-tenants',
    body: z.union([
      z.strictObject({ unit: z.string().max(40) }),
      z.strictObject({ tenant: z.string().max(40), contact: z.string().trim().min(1).max(40) }),
    ]),
    answer: made,
  },
  'DELETE /customer-links/:id': {
    summary: 'Withdraws a link: from now on it opens nothing',
    right: 'keep-tenants',
    params: z.object({ id: z.string().max(40) }),
  },
  'GET /door/:token': {
    summary: 'The page of a door plate: which building it is, and nothing else; open to whoever reads the plate',
    open: true,
    params: token,
    answer: z.object({ site: words }),
  },
  'POST /door/:token/reports': {
    summary:
      'Somebody at a door reports what is wrong; it becomes a repair order. Open to whoever reads the plate, so many in an hour',
    open: true,
    params: token,
    body: doorReport,
  },
  'POST /door/:token/reports/:report/photos': {
    summary: 'A photo to what was just reported, by the name under which it was sent (JPEG, PNG, WebP; at most 8 MB)',
    open: true,
    upload: attachmentTypes,
    params: token.extend({ report: z.string().max(26) }),
    query: z.object({ name: z.string().trim().min(1).max(120) }),
    body: z.instanceof(Uint8Array),
    answer: z.object({ photos: z.number().int() }),
  },
  'GET /mine/:token': {
    summary: 'His own matters, how far each has come and who is on it; open to the contact who has the link',
    open: true,
    params: token,
    answer: ownMatters,
  },
  'POST /mine/:token/appraisals': {
    summary: 'How he found what was done for him, once a matter; open to the contact who has the link',
    open: true,
    params: token,
    body: z.strictObject({
      matter: z.string().max(40),
      satisfied: z.boolean(),
      remark: z.string().trim().max(500).default(''),
    }),
    answer: ownMatters,
  },
} as const satisfies RouteTable
