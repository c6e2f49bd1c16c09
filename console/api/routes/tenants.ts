import { z } from 'zod'
import { attachmentTypes } from '../models/cases.ts'
import { recordHistory, sealView, tenantChange, tenantFile, tenantFiles, tenantView } from '../models/tenants.ts'
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
    /** `lacking`: only those who lack something of grade 1. */
    query: z.object({ q: z.string().max(80).default(''), lacking: z.stringbool().default(false) }),
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
  'GET /tenant-files/:id/seals': {
    summary: 'The specimen seals of a tenant',
    right: 'see-seals',
    params,
    answer: z.array(sealView),
  },
  'POST /tenant-files/:id/seals': {
    summary: 'Adds a specimen seal (JPEG, PNG, WebP, PDF; at most 8 MB)',
    right: 'keep-tenants',
    upload: attachmentTypes,
    params,
    query: z.object({ name: z.string().trim().min(1).max(120) }),
    body: z.instanceof(Uint8Array),
    answer: z.array(sealView),
  },
  'DELETE /tenant-files/:id/seals/:seal': {
    summary: 'A specimen seal holds no more; it stays to be looked at',
    right: 'keep-tenants',
    params: params.extend({ seal: z.string().max(40) }),
    answer: z.array(sealView),
  },
  'GET /seals/:id': { summary: 'The specimen seal itself', right: 'see-seals', params },
} as const satisfies RouteTable
