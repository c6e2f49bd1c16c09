import { z } from 'zod'
import { words } from '#contract/names'
import { longestPassword } from '../passwordRule.ts'
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
  /** His password was made by somebody else: until he has chosen one, there is nothing else that he may. */
  passwordDue: z.boolean(),
})
export type User = z.infer<typeof user>

export const signIn = z.object({ name: z.string().min(1).max(60), password: z.string().min(1).max(longestPassword) })

export const passwordChange = z.object({ old: z.string().min(1).max(longestPassword), chosen: z.string().max(longestPassword) })
export type PasswordChange = z.infer<typeof passwordChange>

/** Somebody who works here. */
export const person = z.object({ display: z.string(), post: words })
export type Person = z.infer<typeof person>
export type SignIn = z.infer<typeof signIn>
