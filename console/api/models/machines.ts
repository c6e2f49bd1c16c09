import { z } from 'zod'
import { machineRights } from '../rights.ts'

/** A program of somebody else's that reads here. Times are real, ms since 1970. */
export const machine = z.object({
  id: z.string(),
  name: z.string(),
  rights: z.array(z.enum(machineRights)),
  madeAt: z.number(),
  endsAt: z.number(),
  /** Null unless somebody has taken it back before its end. */
  revokedAt: z.number().nullable(),
})
export type Machine = z.infer<typeof machine>

export const longestMachineDays = 366
export const machineBody = z.strictObject({
  name: z.string().trim().min(2).max(40),
  rights: z.array(z.enum(machineRights)).min(1),
  days: z.number().int().min(1).max(longestMachineDays),
})
export type MachineBody = z.infer<typeof machineBody>

/** All of them after one was made, with its token, which is shown this once. */
export const machineMade = z.object({ machines: z.array(machine), token: z.string() })
