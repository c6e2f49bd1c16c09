import { z } from 'zod'
import { fastestRate } from '#contract/pace'

/** What a demo can be made to do: its clock, its scenarios, its devices. */

/** What a simulated device can be made to do; `wrong` are values that cannot be, `refusing` an answer that says no. */
export const demoFaults = ['silent', 'slow', 'wrong', 'refusing', 'frozen'] as const
export type DemoFault = (typeof demoFaults)[number]

export const demoDevice = z.object({
  id: z.string(),
  fault: z.enum(demoFaults).nullable(),
  /** So many of its points are forced. */
  forced: z.number(),
})
export type DemoDevice = z.infer<typeof demoDevice>

export const demoState = z.object({ scenarios: z.array(z.string()), devices: z.array(demoDevice) })
export type DemoState = z.infer<typeof demoState>

export const demoPoint = z.object({
  key: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  unit: z.string(),
  value: z.union([z.number(), z.boolean()]),
  forced: z.boolean(),
})
export const demoDeviceFull = demoDevice.extend({ points: z.array(demoPoint) })
export type DemoDeviceFull = z.infer<typeof demoDeviceFull>

/** What doors and barriers tell once. */
export const demoEvents = ['card', 'plate', 'passed'] as const
export type DemoEvent = (typeof demoEvents)[number]

export const paceWish = z.strictObject({ rate: z.number().min(1).max(fastestRate) })
