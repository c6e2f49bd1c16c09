import type { Condition } from '#api/conditions'
import type { Department } from '#api/departments'
import type { Preset } from '#api/manuals'
import type { Role } from '#api/rights'
import type { ScreenGroup, ScreenIcon } from '#api/screens'
import type { Words } from '#contract/names'
import type { Setting } from '../site/settings.ts'
import type { CaseData, Field, Form, FormOf } from './field.ts'
import type { LineList } from './lines.ts'
import type { Rule } from './rules.ts'
import type { Service, Services } from './services.ts'

/**
 * What a transition brings about in the same transaction. `tells` gives a notice to the roles (who gets a case into his hands is
 * told without being named here); `opens` starts a linked case of the same subject, and `asksFor` one of whichever subject
 * renders that service, with a form made from this one, unless one so opened is still open; `acts` carries a verb on to the
 * cases that were so opened, or, with `^` before the relation, back to the one from which this was opened; a name is a cause of
 * the subject's own. `charges` puts it on the bill of the month.
 */
export type Causes<F = Form> =
  | string
  | { tells: readonly Role[]; kind: string; text: Words; when?: Condition }
  | { opens: string; relation: string; when?: Condition; form(of: CaseData<F>): Form }
  | {
      [S in Service]: { asksFor: S; relation: string; when?: Condition; form(of: CaseData<F>): Services[S] }
    }[Service]
  | { acts: string; on: string }
  /** It is the same matter as the case of this procedure whose number was said under this key: that one goes on. */
  | { merges: string }
  /** The tenant pays what stands in this field of the form, for this; once a month of a case. */
  | { charges: Words; fen: string }

/** A step that people of the house take, or could. */
export const isByPeople = ({ by }: Pick<Transition, 'by'>): boolean => by.some(r => r !== 'system' && r !== 'customer')

/** Who did a step, and when (ms of the wall clock); from before accounts were kept, by his name alone. */
export type Did = { at: number; by: string; byId?: string }

/** When a step was done last and what was said with it; undefined when it was not. */
export const didOf = <const A extends readonly Field[] = readonly []>(
  facts: Form,
  step: { verb: string; asks?: A },
): (Did & FormOf<A>) | undefined => facts[step.verb] as (Did & FormOf<A>) | undefined

/** The same step from each of several states, in which it leaves the case. */
export const staying = <const T extends Omit<Transition, 'from' | 'to'>>(
  states: readonly string[],
  t: T,
): (T & { from: readonly string[]; to: string })[] => states.map(state => ({ ...t, from: [state], to: state }))

/**
 * A clock of a procedure (C5, C9). It starts when the case is opened or enters one of the states, stands still in
 * `pausedIn`, and is met when one of the verbs of `metBy` is done, or done with something said that takes its place. Times
 * come from site settings in minutes; an empty setting means that this site has no such deadline. `agreed` takes its end
 * from a field that the act asked for.
 */
export type Deadline = {
  key: string
  name: Words
  /** The T-number it comes from, or the conflict (C-number) that makes it a setting. */
  source: string
  starts: 'open' | { verbs: readonly string[] }
  metBy: readonly (string | { verb: string; saying: string })[]
  pausedIn?: readonly string[]
  /** Every minute; or, where the site says so by this setting, only the hours of service on working days (C5, R65). */
  counts: 'always' | Setting
  /**
   * The hard limit, and the internal target before it (C9). `before`: so long before a moment, or the close of service of a date, of the
   * form.
   */
  limit: Setting | { agreed: string } | { before: string; by: Setting }
  target?: Setting
  when?: Condition
  /** Who is told when it comes near or is missed, and who besides when it stays missed. */
  tells: readonly Role[]
  escalatesTo: readonly Role[]
}

/**
 * `main`: of the steps that lead on from here the one that is offered first. `rests`: nothing is asked of anybody for now, so
 * it stands on nobody's day; or until the day of a date or moment of the form, when these are told.
 */
type State = { name: Words; ends?: true; rests?: true | { until: string; tells: readonly Role[] }; main?: string }

/** Cases in these states of which something holds, where the site counts them. */
export type Counted = { in: readonly string[]; when?: Condition; counted?: Setting }

export type Transition<F = Form> = {
  verb: string
  label: Words
  from: readonly string[]
  to: string
  /** `system` is the console itself: clocks, alarms; `customer` whoever has come by a link of his own. */
  by: readonly (Role | 'system' | 'customer')[]
  /** Only cases of which this holds know the step at all. */
  when?: Condition
  /** Preconditions of the subject's own, by name. */
  needs?: readonly string[]
  causes?: readonly Causes<F>[]
  /** Not by whoever has done one of these steps last, whatever roles he has besides (design §6). */
  notBy?: readonly string[]
  /** A shift or money is signed by it: whoever does it shows again that it is he (design §6). */
  proves?: true
  /** What must be said with it; kept with the act. */
  asks?: readonly Field[]
  /** Fields of the procedure that it writes into the form: what was asked under their key, or a value. What stood there stays in the history. */
  sets?: readonly (string | { field: string; to: string | boolean })[]
  /** What it asks for must keep to these, over the form as it would be. */
  rules?: readonly Rule[]
  /** Lists of which every line must be settled first. */
  settled?: readonly string[]
  /**
   * In whose hands it is from then on: whoever does it, or what is asked for under this key. A new department without a person
   * means that nobody has taken it up there yet. Whoever gets it is told.
   */
  hands?: { department?: { asked: string }; handler?: { asked: string } | 'doer' }
}

/** A procedure of the manual as data (design §6), citing its rule. */
export type Procedure<F = Form> = {
  id: string
  /** Goes up when states, steps or fields change their meaning: what was opened under one version ends under it. */
  version: number
  /** Prefix of its numbers: OT-20261121-007. */
  prefix: string
  name: Words
  /** What it is for, in a sentence, for whoever opens its empty list. */
  purpose: Words
  /** Where its list stands in the navigation: under these words, in this group, and in sight from everywhere when it is `pinned`. */
  list?: { name?: Words; group?: ScreenGroup; icon?: ScreenIcon; pinned?: true }
  /** It can come of a call: the words and the key of its button, and what is known of its form by that alone. */
  call?: { name: Words; key: string; says?: Partial<F> }
  /** R-numbers of the requirements, with the manual's paragraph. */
  source: string
  fields: readonly Field[]
  /** The field that says what a case is about, for lists. */
  about: string
  initial: string
  /** Danger to people: it stands before everything else, is told at once, and a demo's clock runs in real seconds while it is open. */
  first?: true
  /**
   * Checked and brought about when a case is opened. `done`: when this field is filled in, the verb that asks for it has been
   * done with the opening.
   */
  opening?: { needs?: readonly string[]; causes?: readonly Causes<F>[]; done?: { field: string; verb: string } }
  /** Where the case is (a zone, a unit, a compartment), from its form; its tenant follows from the leases. */
  placeOf?(form: F): string | null
  /** Who has it in hand from the start, from its form. */
  handlerOf?(form: F): string | null
  /** The field that says when it was received, where that may be before it was written down: clocks that start with the opening start then. */
  receivedAt?: string
  /** The department that has it in hand from the start, from its form (R23). */
  departmentOf?(form: F): Department | null
  states: Record<string, State>
  /** The states of a case that goes straight through, for the line of its steps. */
  path: readonly string[]
  transitions: readonly Transition<F>[]
  deadlines?: readonly Deadline[]
  /** What the form must keep to, whoever writes it and however. */
  rules?: readonly Rule[]
  lines?: readonly LineList[]
  /** A thing, named in a field of its form, that it has to itself between two moments of the form while it is in these states. */
  reserves?: { resource: string; from: string; to: string; in: readonly string[] }
  /** Asked only of its owner and whoever has it in hand, not of everybody who may take the next step; or so in these states. */
  personal?: true | readonly string[]
  /** Seen, besides these roles, only by the person whom a field of its form names. */
  privateTo?: { field: string; besides: readonly Role[] }
  /** Urgent ones call aloud, on the screens of the department that has them, until somebody takes them out of these states. */
  calls?: readonly string[]
  /** Matters so grave that no shift is handed over while they stand (R61). */
  grave?: readonly Counted[]
  /** What of it has come to an end that a customer is visited about, as a sample (R32). */
  visited?: { cases: readonly Counted[]; form(of: CaseData<F>): Services['visit'] }
  /** Of such cases a visit is paid by somebody who has done none of these steps (R30). */
  visitedByOthers?: { when: Condition; than: readonly string[] }
  /** The service of which this is the one procedure. */
  renders?: Service
  /** What people open because of it; the two are linked. */
  leadsTo?: readonly Service[]
  /** Who may open one by hand; empty when only the system or another case does. */
  opens: readonly (Role | 'customer')[]
  /** Who may correct its form afterwards, with a reason, while it is open. */
  corrects?: readonly Role[]
  sees: readonly Role[]
  /** The customer who is its contact sees by his own link how far it has come, and says how he found it. */
  customerSees?: true
  /** It books hours of a zone: where zones are shown, one can be begun. */
  booksZones?: true
  /** On paper it fills a page of its own and goes out once; otherwise in two copies. */
  wholePage?: true
  /** Room on its paper that is filled in by hand. */
  byHand?: readonly Words[]
  /** The form's name on paper, in the manual's own words, when it is not its own name; other manuals may have theirs (C16, C27). */
  printed?: Words
  printedBy?: Partial<Record<Preset, Words>>
}

/** A procedure whose functions see its form as its fields are. */
export const procedure = <const F extends readonly Field[], const R extends Omit<Procedure<FormOf<F>>, 'fields'>>(
  fields: F,
  rest: R,
): R & { readonly fields: F } => ({ ...rest, fields })

type NamesIn<T, K extends string> = T extends { readonly [X in K]: readonly (infer N)[] } ? Extract<N, string> : never
type NamesOf<P, K extends string> =
  | (P extends { readonly opening: infer O } ? NamesIn<O, K> : never)
  | (P extends { readonly transitions: readonly (infer T)[] } ? NamesIn<T, K> : never)
/** The names of the preconditions, and of the causes, that a procedure stands on. */
export type NeedNames<P> = NamesOf<P, 'needs'>
export type CauseNames<P> = NamesOf<P, 'causes'>

/** When it was received, where the form says so. */
export const receivedAt = (procedure: Procedure, form: Form): number | undefined =>
  procedure.receivedAt === undefined ? undefined : (form[procedure.receivedAt] as number | undefined)
