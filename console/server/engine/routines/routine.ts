import type { Preset } from '#api/manuals'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { CalendarRule as Rule } from '../../domain/occurrences.ts'
import type { Setting } from '../../site/settings.ts'

/** When something is owed; its weekday may be the site's to say. */
export type CalendarRule = Rule<Setting>

/** Something owed by the calendar (design §6): the engine makes its duties, chases them and keeps the evidence. */
export type Routine = {
  id: string
  name: Words
  /** R- and T-number with the manual's paragraph. */
  source: string
  /** The role that owes it; which post that is, the site says. */
  owes: Role
  /** Who hears of it when it is late, and to whom it is handed in. */
  tells: readonly Role[]
  /** The hard deadline; where the manual has a second date (C9), `target` is the inner one. */
  rule: CalendarRule
  target?: CalendarRule
  /** What closes it: a note, or, by the name that its subject gives it, what the system has counted and a person has looked at. */
  evidence: string
  /** Money is signed by closing it: whoever does shows again that it is he (design §6). */
  proves?: true
  /** The manuals whose sites owe it. */
  at: readonly Preset[]
}

/** Closed with a note alone. */
export const note = 'note'
/** The end of a day where the manuals give no hour. */
export const endOfDay = '17:30'
export const everyManual: readonly Preset[] = ['office', 'estate', 'residential', 'butler', 'apartments']
