import { z } from 'zod'
import { recordHistory } from '../models/tenants.ts'
import { unitBody, unitChange, unitList, unitView } from '../models/units.ts'
import type { RouteTable } from '../route.ts'

const params = z.object({ id: z.string().max(40) })

export const unitsRoutes = {
  'GET /units': {
    summary: 'The units that a search finds, with who is there today',
    right: 'see-tenants',
    query: z.object({ q: z.string().max(80).default('') }),
    answer: unitList,
  },
  'POST /units': { summary: 'Adds a unit without zones', right: 'keep-tenants', body: unitBody, answer: unitView },
  'PUT /units/:id': {
    summary: 'Changes the name or the floor of a unit that the desk keeps',
    right: 'keep-tenants',
    params,
    body: unitChange,
    answer: unitView,
  },
  'DELETE /units/:id': {
    summary: 'Takes away a unit that nobody holds or held, and of which no case speaks',
    right: 'keep-tenants',
    params,
    answer: z.object({ id: z.string() }),
  },
  'GET /units/:id/history': { summary: 'Who changed a unit', right: 'see-tenants', params, answer: recordHistory },
} as const satisfies RouteTable
