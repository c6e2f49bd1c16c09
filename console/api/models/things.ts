import { z } from 'zod'
import { words } from '#contract/names'
import { fieldView } from './cases.ts'

/** The site's own things, which forms refer to: keys, lifts, contractors. */
export const thing = z.object({
  id: z.string(),
  kind: z.string(),
  code: z.string(),
  form: z.record(z.string(), z.unknown()),
  madeAt: z.number(),
  endedAt: z.number().nullable(),
})
export type Thing = z.infer<typeof thing>

export const thingKindView = z.object({
  id: z.string(),
  name: words,
  source: z.string(),
  fields: z.array(fieldView),
  code: z.string(),
  mayKeep: z.boolean(),
})
export type ThingKindView = z.infer<typeof thingKindView>

/** What one is called where it is chosen; `here` while there is one. */
export const thingName = z.object({ id: z.string(), kind: z.string(), name: z.string(), here: z.boolean() })
export type ThingName = z.infer<typeof thingName>
