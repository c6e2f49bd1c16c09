import { z } from 'zod'
import { language } from '../language.ts'
import { importAnswer, sheetTypes } from '../models/imports.ts'
import type { RouteTable } from '../route.ts'

const query = z.object({ language })
/** `digest`: of the preview that is to be stored; left out, nothing is stored. */
const taking = query.extend({ digest: z.string().length(64).optional() })
/** A table that comes in. */
const table = { upload: sheetTypes, body: z.instanceof(Uint8Array), query: taking, answer: importAnswer } as const

const thingsOfKind = z.object({ kind: z.string().max(40) })

/** Lists as tables: out, empty with an example, and in. */
export const importsRoutes = {
  'GET /tables/people.xlsx': { summary: 'Who works here, as an Excel file', right: 'manage-people', query },
  'GET /tables/people-template.xlsx': { summary: 'An empty table of people', right: 'manage-people', query },
  'POST /tables/people': {
    summary: 'What a table of people would change; with the digest of that answer, stores it',
    right: 'manage-people',
    ...table,
  },
  'GET /tables/tenants.xlsx': { summary: 'Tenants and owners with their units, as an Excel file', right: 'keep-tenants', query },
  'GET /tables/tenants-template.xlsx': { summary: 'An empty table of tenants', right: 'keep-tenants', query },
  'POST /tables/tenants': {
    summary: 'What a table of tenants would change; with the digest of that answer, stores it',
    right: 'keep-tenants',
    ...table,
  },
  'GET /tables/units.xlsx': { summary: 'Units, as an Excel file', right: 'keep-tenants', query },
  'GET /tables/units-template.xlsx': { summary: 'An empty table of units', right: 'keep-tenants', query },
  'POST /tables/units': {
    summary: 'What a table of units would change; with the digest of that answer, stores it',
    right: 'keep-tenants',
    ...table,
  },
  'GET /tables/days.xlsx': { summary: 'Holidays and make-up workdays, as an Excel file', right: 'change-settings', query },
  'GET /tables/days-template.xlsx': {
    summary: 'What the State Council has arranged, to be looked at and brought back',
    right: 'change-settings',
    query,
  },
  'POST /tables/days': {
    summary: 'What a table of days would change; with the digest of that answer, stores it',
    right: 'change-settings',
    ...table,
  },
  'GET /tables/prices.xlsx': { summary: 'The prices of the overtime air, as an Excel file', right: 'set-prices', query },
  'GET /tables/prices-template.xlsx': { summary: 'An empty table of prices', right: 'set-prices', query },
  'POST /tables/prices': {
    summary: 'What a table of prices would change; with the digest of that answer and a proof of who asks, stores it',
    right: 'set-prices',
    ...table,
  },
  'GET /tables/things-:kind-template.xlsx': {
    summary: "An empty table of the site's own things of a kind",
    params: thingsOfKind,
    query,
  },
  'GET /tables/things-:kind.xlsx': {
    summary: "The site's own things of a kind, as an Excel file",
    params: thingsOfKind,
    query,
  },
  'POST /tables/things-:kind': {
    summary: "What a table of the site's own things would change; with the digest of that answer, stores it",
    params: thingsOfKind,
    ...table,
  },
} as const satisfies RouteTable
