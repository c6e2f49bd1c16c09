import { z } from 'zod'
import { personAct } from '#contract/messages'
import { commandView } from '../models/live.ts'
import { person } from '../models/people.ts'
import { deviceCatalogue, movingIn, siteView } from '../models/site.ts'
import type { RouteTable } from '../route.ts'

export const siteRoutes = {
  'GET /site': {
    summary: 'Floors, zones, devices, compartments; tenants and prices of today',
    right: 'see-live',
    whileLocked: true,
    answer: siteView,
  },
  'GET /plans/:kind/document': {
    summary: 'The whole document behind an emergency plan, as the site has it (R68, R69)',
    right: 'see-live',
    whileLocked: true,
    params: z.object({ kind: z.string().max(40) }),
  },
  'GET /moving-in': {
    summary: 'How far the building has moved in: people, tenants, prices, days',
    right: 'see-settings',
    answer: movingIn,
  },
  'GET /people': {
    summary: 'The people of this site by name and post',
    answer: z.array(person),
  },
  'GET /devices/:device/catalogue': {
    summary: 'The points of a device with names, units and registers',
    right: 'see-live',
    params: z.object({ device: z.string().max(40) }),
    answer: deviceCatalogue,
  },
  'GET /commands': {
    summary: 'The latest commands, of one device or of all',
    right: 'see-commands',
    query: z.object({ device: z.string().max(40).optional(), limit: z.coerce.number().int().min(1).max(200).default(30) }),
    answer: z.array(commandView),
  },
  'POST /commands': {
    summary:
      'Holds a point until a time or lets it go; starts, tests or releases the fire actions of a compartment. A locked station can start them and nothing else; to release them asks for a proof',
    whileLocked: true,
    body: z.strictObject({ act: personAct, reason: z.string().trim().max(200).default('') }),
    answer: z.object({ id: z.string() }),
  },
} as const satisfies RouteTable
