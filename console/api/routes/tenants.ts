import { z } from 'zod'
import { recordHistory, tenantChange, tenantFile, tenantFiles, tenantView } from '../models/tenants.ts'
import type { RouteTable } from '../route.ts'

const params = z.object({ id: z.string().max(40) })

export const tenantsRoutes = {
  'GET /tenants': {
    summary: 'Tenants with their contacts',
    right: 'see-overtime',
    answer: z.array(z.object({ id: z.string(), name: z.string(), short: z.string(), contact: z.string(), phone: z.string() })),
  },
  'GET /tenant-files': {
    summary: 'The files of tenants and owners that a search finds, and how many units are let today',
    right: 'see-tenants',
    query: z.object({ q: z.string().max(80).default('') }),
    answer: tenantFiles,
  },
  'POST /tenant-files': { summary: 'Adds a tenant or an owner', right: 'keep-tenants', body: tenantFile, answer: tenantView },
  'PUT /tenant-files/:id': {
    summary: 'Changes the file of a tenant: names, contacts, units with their dates',
    right: 'keep-tenants',
    params,
    body: tenantChange,
    answer: tenantView,
  },
  'GET /tenant-files/:id/history': {
    summary: 'Who changed the file of a tenant',
    right: 'see-tenants',
    params,
    answer: recordHistory,
  },
} as const satisfies RouteTable
