import { z } from 'zod'
import { machine, machineBody, machineMade } from '../models/machines.ts'
import type { RouteTable } from '../route.ts'

const right = 'manage-people'

/** They ask with `Authorization: Bearer TOKEN`, and get what has one of their rights. */
export const machinesRoutes = {
  'GET /machines': { summary: 'Programs that may read here, also those that may no longer', right, answer: z.array(machine) },
  'POST /machines': {
    summary: 'Lets a program read; its token is in the answer and nowhere else',
    right,
    body: machineBody,
    answer: machineMade,
  },
  'DELETE /machines/:id': {
    summary: 'Takes its token back at once',
    right,
    params: z.object({ id: z.string().max(40) }),
    answer: z.array(machine),
  },
} as const satisfies RouteTable
