import type { SayableCode } from '#api/errors'
import type { CaseEvent, CaseFull, CaseHead, HandoverItem } from '#api/models/cases'
import type { ReportTable } from '#api/models/duties'
import type { User } from '#api/models/people'
import type { Role } from '#api/rights'
import type { Text } from '#api/words/text'
import type { Programme } from '#contract/programme'
import type { BooksReader } from '../books/books.ts'
import type { Someone } from '../books/persons.ts'
import type { Work } from '../books/unitOfWork.ts'
import type { LiveState } from '../mirror/liveState.ts'
import type { Directory } from '../site/directory.ts'
import type { Setting } from '../site/settings.ts'
import type { SiteRules } from '../site/siteRules.ts'
import type { Blocked, Doer } from './blocked.ts'
import type { Charge } from './charge.ts'
import type { CauseNames, Did, NeedNames, Procedure } from './definition.ts'
import type { Form, FormOf } from './field.ts'
import type { Register } from './registers/register.ts'
import type { Count, Stretch } from './routines/evidence.ts'
import type { Routine } from './routines/routine.ts'
import type { Service } from './services.ts'
import type { ThingKind } from './things/thing.ts'

/** What everything particular is judged by besides the books. */
export type Around = { directory: Directory; live: LiveState; rules: SiteRules; manual: Manual }

export type Look<F = Form> = Around & {
  db: BooksReader
  at: number
  head: Pick<CaseHead, 'id' | 'place' | 'facts' | 'owner' | 'ownerId'> & { form: F }
  /** Who wants to do it, and what was said with it; unknown while only the possibility is asked. */
  by: Someone
  doer: Doer
  said: Form | undefined
}
/** A precondition of a step: null when nothing is in the way. */
export type Need<F = Form> = { is(look: Look<F>): Promise<Blocked | null> }['is']
/** An effect of a step, in its transaction. What leaves the database goes through the outbox. */
export type Cause<F = Form> = { act(work: Work, head: CaseHead & { form: F }, around: Around): Promise<void> }['act']

/** What a case shows besides what all cases do, to somebody from whom the cases `kept` are kept. */
export type PartsLook = {
  db: BooksReader
  at: number
  head: CaseHead
  user: User
  kept: ReadonlySet<string>
  visible: readonly string[]
  manual: Manual
  /** Whoever has a screen of this console before him now, by the id of his account. */
  present: ReadonlySet<string>
}
export type Parts = Partial<Pick<CaseFull, 'steps' | 'leads' | 'places' | 'told' | 'items' | 'shifts' | 'linkages'>> & {
  /** A line of its history as he may see it; undefined when not at all. */
  event?(e: CaseEvent): CaseEvent | undefined
}

/** One kind of case with all that is particular about it. */
export type CaseKind = {
  /** The definition in force first; behind it those under which cases may still be open. */
  versions: readonly [Procedure, ...Procedure[]]
  needs: Readonly<Record<string, Need>>
  causes: Readonly<Record<string, Cause>>
  parts?(look: PartsLook): Promise<Parts>
}

/** The preconditions and causes that a procedure names, by name. */
export type NeedsOf<P extends Procedure> = Readonly<Record<NeedNames<P>, Need<FormOf<P['fields']>>>>
export type CausesOf<P extends Procedure> = Readonly<Record<CauseNames<P>, Cause<FormOf<P['fields']>>>>

type Own<Names extends string, K extends string, T> = [Names] extends [never] ? { [X in K]?: never } : { [X in K]: T }
type Particulars<P extends Procedure> = Own<NeedNames<P>, 'needs', NeedsOf<P>> &
  Own<CauseNames<P>, 'causes', CausesOf<P>> & {
    parts?(look: PartsLook): Promise<Parts>
    /** Versions of before, under which cases may still be open. */
    older?: readonly Procedure[]
  }

/** A kind of case: whatever its definition names must be there, and sees the form as the fields are. */
export const caseKind = <P extends Procedure>(definition: P, o: Particulars<P>): CaseKind => ({
  versions: [definition, ...(o.older ?? [])],
  needs: (o.needs ?? {}) as CaseKind['needs'],
  causes: (o.causes ?? {}) as CaseKind['causes'],
  ...(o.parts ? { parts: o.parts } : {}),
})

/** What is counted of: the books in a stretch of time, for the period that names the duty. */
export type EvidenceLook = Around & { db: BooksReader; stretch: Stretch; period: string }

/** What is counted for a duty, and when it may be signed. */
export type Evidence = {
  count(look: EvidenceLook): Promise<Count>
  /** The tables behind the figures, for the summary on paper. */
  tables?(look: EvidenceLook): Promise<ReportTable[]>
  /** Figures that must be nothing before it is closed, and what is said otherwise. */
  mustBeNothing?: Readonly<Record<string, SayableCode>>
  /** Figures of a quota: where one is not nothing, it is signed with its reason. */
  quotas?: readonly string[]
}

/** Something that a shift hands over to the next one (R61). */
export type Draft = { kind: HandoverItem['kind']; ref: string; text: Text; needsRemark: boolean }

/** Something in somebody's agenda, between two instants. */
export type AgendaItem = { id: string; from: number; to: number; what: Text; where: string }
type AgendaLook = Stretch & {
  db: BooksReader
  directory: Directory
  rules: SiteRules
  person: { id: string; roles: readonly Role[] }
}

/** What one subject gives to the engine: everything in it is data, or a function over the books. */
export type Chapter = {
  cases?: readonly CaseKind[]
  registers?: readonly Register[]
  things?: readonly ThingKind[]
  routines?: readonly Routine[]
  /** What closes its routines, by name. */
  evidence?: Readonly<Record<string, Evidence>>
  settings?: readonly Setting[]
  /** What of it the next shift must be told, besides its open cases; one that names a case stands in its place. */
  handsOver?(look: Around & { db: BooksReader; at: number }): Promise<Draft[]>
  /** What runs by the programme besides the centre's hours: signed and not over. */
  entitles?(look: Stretch & { db: BooksReader; directory: Directory }): Promise<Programme['bookings']>
  /** What stands in the agenda of a person in a stretch. */
  agenda?(look: AgendaLook): Promise<AgendaItem[]>
  /** What of it tenants pay, where the sheets hold nothing of it or another sum: of the months up to this one (YYYY-MM). */
  charges?(look: { db: BooksReader; until: string }): Promise<Charge[]>
  /** Who has taken a shift over since then, the last one first. */
  tookOver?(db: BooksReader, since: number): Promise<Did[]>
}

/** All chapters together, as the engine reads them. */
export type Manual = {
  readonly kinds: readonly CaseKind[]
  /** The definitions in force. */
  readonly procedures: readonly Procedure[]
  readonly registers: readonly Register[]
  readonly things: readonly ThingKind[]
  readonly routines: readonly Routine[]
  readonly settings: readonly Setting[]
  kind(id: string): CaseKind | undefined
  /** The definition of this version; the one in force where none is asked for or kept. */
  procedure(id: string, version?: number): Procedure | undefined
  rendering(service: Service): Procedure
  evidenceOf(routine: Routine): Evidence | undefined
  handsOver: NonNullable<Chapter['handsOver']>
  entitles: NonNullable<Chapter['entitles']>
  agenda: NonNullable<Chapter['agenda']>
  charges: NonNullable<Chapter['charges']>
  tookOver: NonNullable<Chapter['tookOver']>
}
