import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Field } from '../field.ts'

/**
 * A kind of the site's own things that forms refer to (design §6): keys, lifts, contractors. Which there are is for the desk to say;
 * what is said of each is data here.
 */
export type ThingKind = {
  id: string
  name: Words
  source: string
  fields: readonly Field[]
  /** The field by which people tell one from another; two of a kind never share it. */
  code: string
  /** Fields that stand beside the code where one is chosen. */
  shown: readonly string[]
  keeps: readonly Role[]
  sees: readonly Role[]
}
