import type { Words } from '#contract/names'
import { en } from './en.ts'
import { type Messages, zh } from './zh.ts'

/** A sentence of the dictionaries in both languages, for what the server keeps or sends. */
export const both = (pick: (t: Messages) => string): Words => ({ zh: pick(zh), en: pick(en) })
