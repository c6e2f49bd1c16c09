import { type Department, departments } from '#api/departments'
import type { CaseHead, FieldView, ProcedureView } from '#api/models/cases'
import type { Notice } from '#api/models/duties'
import type { Person } from '#api/models/people'
import { planName } from '#api/planName'
import type { Text } from '#api/words/text'
import type { Messages } from '#api/words/zh'
import { wordOf } from '../cases/formValues.ts'
import type { BookingDraft } from '../kit/subjectScreens.ts'
import type { Live } from '../live/live.svelte.ts'
import type { Building } from './building.svelte.ts'
import type { Format } from './format.ts'
import type { Router } from './router.svelte.ts'

type Around = {
  readonly live: Live
  readonly t: Messages
  readonly f: Format
  readonly router: Router<string>
  readonly building: Building
  word(said: Text): string
}

/** The service desk: its procedures, and what is said of a case by the definition that it runs under. */
export class Desk {
  /** The procedures in force. */
  procedures = $state.raw<ProcedureView[]>([])
  /** Those of before as well, under which cases may still be open. */
  #versions: readonly ProcedureView[] = []
  /** Who works here, for the fields that ask for somebody. */
  people = $state.raw<Person[]>([])
  /** What an emergency calls this person to, until he has seen it. */
  calls = $state.raw<Notice[]>([])
  /** A booking that another page began: taken up by the overtime page. */
  bookingDraft: BookingDraft | null = null
  /** A case that another one, or an entry of a register, led to: taken up by the list of its procedure. */
  caseDraft: { procedure: string; from: string | null; fromEntry?: string; prefill: Record<string, string> } | null = null
  readonly #ui: Around

  constructor(ui: Around) {
    this.#ui = ui
  }

  learn(procedures: readonly ProcedureView[]) {
    this.#versions = procedures
    this.procedures = procedures.filter(p => p.inForce)
  }

  /** Where an alarm's case is. */
  ticketPath(a: { ticket: string | null }): string {
    return a.ticket === null ? this.#ui.router.to('alarms') : this.casePath(a.ticket)
  }

  /** Where a case is shown, whatever it is; one that is not open leads on from its id. */
  casePath(id: string): string {
    const open = this.#ui.live.cases.get(id)
    return open ? this.#ui.router.toCase(open.procedure, id) : this.#ui.router.to('case', id)
  }

  /** The open cases that come before everything else. */
  get firstCases(): CaseHead[] {
    return [...this.#ui.live.cases.values()].filter(c => this.procedureOf(c)?.first)
  }

  /** Where bookings of zones are made and shown, of one where its id is given. */
  bookingPath(id?: string): string {
    const books = this.procedures.find(p => p.booksZones)
    return books ? this.#ui.router.toCase(books.id, id) : this.#ui.router.to('overview')
  }

  /** Goes to where bookings are made, with what is known of one. */
  book(draft: BookingDraft) {
    this.bookingDraft = draft
    this.#ui.router.go(this.bookingPath())
  }

  /** Who did something: a person by name, the console itself and a customer in words. */
  byName(by: string): string {
    return by === 'system' ? this.#ui.t.desk.alarmContact : by === 'customer' ? this.#ui.t.desk.customer : by
  }

  /** The definition that a case runs under; the one in force where its version is not known. */
  procedureOf(c: { procedure: string; version?: number }): ProcedureView | undefined {
    return (
      this.#versions.find(p => p.id === c.procedure && p.version === c.version) ?? this.procedures.find(p => p.id === c.procedure)
    )
  }

  stateName(c: { procedure: string; version?: number; state: string }): string {
    const state = this.procedureOf(c)?.states[c.state]
    return state ? this.#ui.word(state.name) : c.state
  }

  /** The main step of the state that a case is in, as its definition says. */
  nextStep(c: { procedure: string; version?: number; state: string }): string {
    const procedure = this.procedureOf(c)
    const main = procedure?.verbs[procedure.states[c.state]?.main ?? '']
    return main ? this.#ui.word(main.label) : ''
  }

  /** A field's value in words; `beside`: all that was said with it. */
  wordOf(field: FieldView, value: unknown, beside?: Record<string, unknown>): string {
    const words = {
      word: (w: Text) => this.#ui.word(w),
      place: (id: string) => this.#ui.building.placeName(id),
      thing: (id: string) => this.#ui.building.site?.things.find(t => t.id === id)?.name ?? id,
      plan: (kind: string) => this.#ui.word(planName(this.#ui.building.site?.plans ?? [], kind)),
      yes: '✓',
      list: this.#ui.t.marks.list,
      typed: this.#ui.t.marks.aside(this.#ui.t.cases.typedByDesk),
    }
    return wordOf(field, value, this.#ui.f, words, beside)
  }

  /** What a case is about, as its definition says. */
  about(c: { procedure: string; version?: number; form: Record<string, unknown> }): string {
    const procedure = this.procedureOf(c)
    const field = procedure?.fields.find(f => f.key === procedure.about)
    return field ? this.wordOf(field, c.form[field.key]) : ''
  }

  departmentName(id: string | null): string {
    const known = departments[id as Department]
    return known ? this.#ui.word(known) : ''
  }

  /** Department and person that have a case in hand. */
  handsText(c: { handler: string | null; department: string | null }): string {
    return [this.departmentName(c.department), c.handler].filter(Boolean).join(' · ')
  }

  /** Somebody in whose hands a case is, or else the department. */
  handsName(c: { handler: string | null; department: string | null }): string {
    return c.handler ?? this.departmentName(c.department)
  }
}
