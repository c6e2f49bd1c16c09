import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { Setting } from '../../site/settings.ts'
import type { Field } from '../definition.ts'

/** Something to write down and find again (design §6). An entry is never changed: a correction is a new entry. */
export type Register = {
  id: string
  /** Prefix of its numbers. */
  prefix: string
  name: Words
  source: string
  fields: readonly Field[]
  /** What comes by phone goes in here. */
  ofCalls?: true
  writes: readonly Role[]
  sees: readonly Role[]
  /** Who signs that he has read an entry; nobody for registers that are only kept. */
  reads: readonly Role[]
  /** Who checks a share of it each month, in per cent (R64). */
  checks: readonly Role[]
  checkShare?: Setting
}
