import type { Component } from 'svelte'
import type { CaseFull, ProcedureView } from '#api/models/cases'
import type { SiteView } from '#api/models/site'
import type { Screen } from './screen.ts'

/** Loaded when it is shown for the first time. */
export type Load<P extends Record<string, unknown>> = () => Promise<{ default: Component<P> }>

/** What a form that begins elsewhere needs of the screen. */
export type Booker = {
  readonly building: { readonly site: SiteView | null }
  readonly live: { readonly now: number }
  readonly desk: { book(draft: BookingDraft): void }
}
/** A booking that another page began. */
export type BookingDraft = {
  zone: string
  from: number
  to: number
  contact?: string
  phone?: string
  /** The call of which it came, for the register of calls. */
  call?: { company: string; answer: string }
}

/** What is known of who called, when a form that is not the generic one begins with it. */
export type Caller = { zones: readonly string[]; contact?: string; phone?: string; company: string; answer: string }

/** What a subject shows where the generic screens do not do. Keys are the ids of its procedures. */
export type SubjectScreens = {
  /** Pages of its own; one that is named like a procedure stands in the place of its list. */
  pages?: Readonly<Record<string, Screen>>
  /** What a case has besides its form. */
  panels?: Readonly<Record<string, Load<{ file: CaseFull; onchanged: (c: CaseFull) => void }>>>
  /** Papers of its own. */
  papers?: Readonly<Record<string, Load<{ file: CaseFull; procedure: ProcedureView; qr: string }>>>
  /** Cards beside the day of a person. */
  today?: readonly Load<Record<never, never>>[]
  /** What helps to write the note that closes a duty, by its routine. */
  duties?: Readonly<Record<string, Load<{ period: string; onnote: (text: string) => void }>>>
  /** What may follow a case, beside the procedures that it leads to. */
  follows?: readonly Load<{ file: CaseFull; onchanged: () => void }>[]
  /** What helps whoever has a caller on the line. */
  onCall?: readonly Load<Record<never, never>>[]
  /** What stands above every page, also of a station that is locked, while there is something to say. */
  bars?: readonly Load<Record<never, never>>[]
  /** What may be done from a station that is locked. */
  whileLocked?: readonly Load<Record<never, never>>[]
  /** Pages for whoever has the right link, signed in or not, by the first part of their path. */
  open?: Readonly<Record<string, Load<Record<never, never>>>>
  /** Begins one with what is known of a call. */
  calls?: Readonly<Record<string, (desk: Booker, caller: Caller) => void>>
}

/** The screens of all subjects together. */
export type OwnScreens = Required<SubjectScreens>
