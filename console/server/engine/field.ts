import type { z } from 'zod'
import type { Condition } from '#api/conditions'
import type { Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { PointRole } from '#contract/pointRoles'

/** A form as the engine keeps it; definitions see theirs typed by its fields (`FormOf`). */
export type Form = Record<string, unknown>

export type FieldKind =
  | 'text'
  | 'person'
  | 'date'
  | 'month'
  | 'long'
  | 'phone'
  | 'time'
  | 'choice'
  | 'flag'
  | 'unit'
  | 'plan'
  | 'thing'
  | 'device'
  | 'money'
  | 'drawing'
  | 'case'
export type Field<K extends string = string, S extends z.ZodType = z.ZodType> = {
  key: K
  label: Words
  kind: FieldKind
  schema: S
  choices?: readonly { value: string; label: Words }[]
  /** Of which kind of the site's own things it names one, by its id; or of which procedure a case, by its number. */
  things?: string
  /** Of what kind a device is that it names: it has a point of this role. */
  role?: PointRole
  /** What is often said here, offered beside it. */
  phrases?: readonly Words[]
  /** The schema lets it be left out, but not when this holds. */
  requiredWhen?: Condition
  /** Who sees it; everybody who sees the case when left out. */
  sees?: readonly Role[]
  /**
   * Whoever it has ever named is the one the case is about: he sees nothing of it, nor of what was opened because of it, and
   * takes no step and makes no correction in it.
   */
  concerns?: true
  /** Once it has such a value, only these roles take it back: a guard stands on it. */
  keeps?: { is: readonly (string | boolean)[]; by: readonly Role[] }
  /** Changed by steps alone: what somebody has agreed to, or signed, is not corrected afterwards. */
  byStep?: true
  /** `doer`: nobody writes it, it is the name of whoever is signed in. `customer`: typed by the desk for him, and marked so. */
  signs?: 'doer' | 'customer'
  /** Of a person outside the house; as every telephone number it is erased when its time is over. */
  personal?: true
}
/** What a form of these fields holds once it has been checked. */
export type FormOf<F extends readonly Field[]> = { [X in F[number] as X['key']]: z.output<X['schema']> }

/** What definitions see of a case. Times are ms of the wall clock. */
export type CaseData<F = Form> = {
  number: string
  place: string | null
  tenant: string | null
  form: F
  /** What was said with each step so far. */
  facts: Form
  words: { place: Words; tenant: string; times: string; placeOf(id: string): Words }
}
