import type { SayableCode } from '#api/errors'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'

/**
 * Why something may not be done: a code that the screens put into a sentence, and the field it is about; or `in-the-way`, with the
 * sentence itself, where the subject alone knows it.
 */
export type Blocked =
  | { code: SayableCode; field?: string; detail?: Record<string, unknown> }
  | { code: 'in-the-way'; field?: string; say: Words }
/** A person by his roles, the console itself, or a customer who has come by a link of his own. */
export type Doer = { roles: readonly Role[] } | 'system' | 'customer'
