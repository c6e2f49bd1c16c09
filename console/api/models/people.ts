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
  /** His station only shows what goes on: whatever he does asks for his PIN or password first. */
  locked: z.boolean(),
  /** A sign-in provider vouches for him; he may have no password here. */
  vouched: z.boolean(),
})
export type User = z.infer<typeof user>

export const signIn = z.object({ name: z.string().min(1).max(60), password: z.string().min(1).max(longestPassword) })

export const passwordChange = z.object({ old: z.string().min(1).max(longestPassword), chosen: z.string().max(longestPassword) })
export type PasswordChange = z.infer<typeof passwordChange>

/** Four to eight digits, or none: then there is no PIN any more. */
export const pinChange = z.strictObject({
  /** Empty for whoever has just come in by the sign-in provider, and may have none. */
  password: z.string().max(longestPassword),
  pin: z.string().regex(/^(\d{4,8})?$/, 'four to eight digits'),
})
export type PinChange = z.infer<typeof pinChange>

export const unlock = z.strictObject({ secret: z.string().min(1).max(longestPassword) })

/** How somebody who works here is reached, what he speaks beside Chinese, and when he is on leave: days, both ends included. */
export const personFile = z.object({
  /** Not `phone`, which is a customer's and is masked: whoever works here may call a colleague. */
  tel: z.string().trim().max(40),
  /** Where an emergency reaches him by e-mail; empty: not at all. */
  mail: z.union([z.literal(''), z.email().max(200)]),
  languages: z.string().trim().max(80),
  leave: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date() })).max(60),
})
export type PersonFile = z.infer<typeof personFile>

/** Somebody who works here. */
export const person = z.object({ display: z.string(), post: words })
export type Person = z.infer<typeof person>
export type SignIn = z.infer<typeof signIn>
