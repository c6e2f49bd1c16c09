import { z } from 'zod'
import { words } from '#contract/names'
import { roles } from '../rights.ts'

/** Who works here. What server and web agree on: times are ms of the wall clock of the site, money is fen. */

export const user = z.object({
  id: z.string(),
  name: z.string(),
  display: z.string(),
  /** The name of his post at this site. */
  post: words,
  postId: z.string(),
  roles: z.array(z.enum(roles)),
})
export type User = z.infer<typeof user>

export const signIn = z.object({ name: z.string().min(1).max(60), password: z.string().min(1).max(200) })

/** Somebody who works here. */
export const person = z.object({ display: z.string(), post: words })
export type Person = z.infer<typeof person>
export type SignIn = z.infer<typeof signIn>
