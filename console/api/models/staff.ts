import { z } from 'zod'
import { words } from '#contract/names'
import { roles } from '../rights.ts'
import { personFile, user } from './people.ts'

/** Who works here, as whoever administers sees it. Times are ms since 1970. */

export const staffPost = z.object({
  id: z.string(),
  name: words,
  roles: z.array(z.enum(roles)),
  /** The group at the sign-in provider whose people have this post; empty: none. */
  group: z.string(),
})
export type StaffPost = z.infer<typeof staffPost>

export const staffPerson = user.omit({ locked: true }).extend({
  /** False: he has left; what he has done keeps his name. */
  active: z.boolean(),
  /** In how many places he is signed in. */
  sessions: z.number().int(),
  ...personFile.shape,
})
export type StaffPerson = z.infer<typeof staffPerson>

export const staff = z.object({ people: z.array(staffPerson), posts: z.array(staffPost) })
export type Staff = z.infer<typeof staff>

/** Staff after a change, and the one-time password that it made, which is shown this once. */
export const staffWithPassword = z.object({ staff, id: z.string(), password: z.string() })

const display = z.string().trim().min(1).max(40)
/** What is left out of his file stays as it is. */
export const personBody = z.strictObject({ display, post: z.string().max(40), ...personFile.partial().shape })
export type PersonBody = z.infer<typeof personBody>
export const newPersonBody = personBody.extend({
  name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{1,39}$/u, 'letters and digits, 2 to 40 of them'),
})
export type NewPerson = z.infer<typeof newPersonBody>

const postName = z.string().trim().min(1).max(40)
export const postBody = z.strictObject({
  name: z.strictObject({ zh: postName, en: postName }),
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  /** Left out: it stays as it is. */
  group: z.string().trim().max(120).optional(),
})
export type PostBody = z.infer<typeof postBody>

/** Where somebody is signed in: the address of the station, since when, and when it was heard of last. Real time, ms since 1970. */
export const sessionView = z.object({ station: z.string(), since: z.number(), seenAt: z.number() })
export type SessionView = z.infer<typeof sessionView>

/** An open case that is in somebody's hands. */
export const workInHand = z.object({
  id: z.string(),
  number: z.string(),
  procedure: z.string(),
  hand: z.enum(['owner', 'handler']),
})
export type WorkInHand = z.infer<typeof workInHand>
