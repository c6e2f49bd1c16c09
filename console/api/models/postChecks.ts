import { z } from 'zod'

/** Whether somebody is at his post (查岗): asked by whom (null: the console itself), answered by whom and where, or told upwards. */
export const postCheck = z.object({
  id: z.string(),
  askedAt: z.number(),
  askedBy: z.string().nullable(),
  dueAt: z.number(),
  answeredAt: z.number().nullable(),
  answeredBy: z.string().nullable(),
  station: z.string().nullable(),
  toldAt: z.number().nullable(),
})
export type PostCheck = z.infer<typeof postCheck>

export const postChecks = z.object({ open: postCheck.nullable(), latest: z.array(postCheck) })
