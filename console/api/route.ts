import type { z } from 'zod'
import type { Right } from './rights.ts'

/** What may come in and go out of one operation, and who may call it (everybody signed in when left out). */
export type RouteSpec = {
  summary: string
  right?: Right
  /** For whoever knows where it is, signed in or not. */
  open?: true
  /** Also for whoever must first choose a password of his own. */
  whileDue?: true
  /** Also from a station that is locked. */
  whileLocked?: true
  /** Whoever asks shows again that it is he: by PIN or password, beside the request. */
  proves?: true
  /** Content types of a body that is a file, not JSON. */
  upload?: readonly string[]
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  answer?: z.ZodType
}
export type RouteTable = Readonly<Record<`${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`, RouteSpec>>
