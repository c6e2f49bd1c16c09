import type { CaseHead } from '#api/models/cases'
import type { Text } from '#api/words/text'
import type { JournalOf } from '#contract/journal'
import type { Work } from '../books/unitOfWork.ts'
import type { Fact } from './alarms/fact.ts'

/** An event of a door or barrier. `at`: ms of the agent's wall clock. */
export type AccessEvent = Omit<JournalOf<'access'>, 'type'> & { id: string }

/** What the desk does about what the building reports, in the transaction that stores it. */
export type Reactions = {
  /** A new alarm, or one that stands again. The case that it belongs to from now on; null where it has none. */
  raised(work: Work, alarm: Fact): Promise<string | null>
  /** An alarm of a case has returned. */
  returned(work: Work, caseId: string, name: Text): Promise<void>
  /** An agent has done something about a compartment. */
  compartment(
    work: Work,
    compartment: string,
    phase: JournalOf<'compartment'>['phase'],
    detail: Record<string, unknown>,
  ): Promise<void>
  /** There is news of a linkage of a compartment. */
  linkage(work: Work, compartment: string): Promise<void>
  /** Somebody or something was at a door or a barrier, as its device says: its event is stored under `id`. */
  access(work: Work, event: AccessEvent): Promise<void>
  /** What is known of when a zone ran has changed within a stretch (ms). */
  run(work: Work, zone: string, from: number, to: number): Promise<void>
  /** A customer has said by himself how he found what was done for him. */
  appraised(work: Work, head: CaseHead, said: Appraisal): Promise<unknown>
}
export type Appraisal = { satisfied: boolean; remark: string }
