import type { Condition } from '#api/conditions'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { BooksReader } from '../../books/books.ts'
import type { Setting } from '../../site/settings.ts'
import type { Blocked } from '../blocked.ts'
import type { Field, Form } from '../field.ts'
import type { Rule } from '../rules.ts'
import type { Service } from '../services.ts'

/** What a precondition of an entry is judged by. */
export type RegisterLook = { db: BooksReader; at: number; form: Form }

/** An entry that is open until something has come back or been handed over (design §6): lent and returned, arrived and collected. */
export type RegisterLife = {
  /** Fields of which an open entry has its value alone: a key is lent once, and one card holds one key. */
  alone?: readonly string[]
  /** When it should be over: a moment or date that it says, or the close of service of its day. */
  due?: { field: string } | 'same-day'
  open: Words
  closed: Words
  /** An entry of which this holds has nothing to wait for: it is closed as it is written. */
  done?: Condition
  /** How it is closed, several at once as well; what is asked for is kept with it. */
  closes: {
    label: Words
    by: readonly Role[]
    asks?: readonly Field[] /** Where this is said it is gone: nobody has it again. */
    gone?: Condition
    /** Not before the case that it belongs to has ended. */
    afterCase?: true
  }
  /** What keeps its time without closing it: the customer was told that his mail is here. */
  meets?: { label: Words; by: readonly Role[] }
  /** Who is told, once, when it is overdue. */
  tells: readonly Role[]
}

/** Something to write down and find again (design §6). An entry is never changed: a correction is a new entry. */
export type Register = {
  id: string
  /** Prefix of its numbers. */
  prefix: string
  name: Words
  /** What it is for, in a sentence. */
  purpose: Words
  source: string
  fields: readonly Field[]
  /** The field that says what an entry is about; its matter when left out. */
  about?: string
  life?: RegisterLife
  /** What people open because of an entry; the two are linked, and a case that came of it is its reply. */
  leadsTo?: readonly Service[]
  /** What an entry must keep to. */
  rules?: readonly Rule[]
  /** A precondition of the subject's own. */
  need?(look: RegisterLook): Promise<Blocked | null>
  /** What comes by phone goes in here. */
  ofCalls?: true
  /** What happens on duty goes in here. */
  ofDuty?: true
  writes: readonly Role[]
  sees: readonly Role[]
  /** Who signs that he has read an entry; nobody for registers that are only kept. */
  reads: readonly Role[]
  /** Who checks a share of it each month, in per cent (R64). */
  checks: readonly Role[]
  checkShare?: Setting
}
