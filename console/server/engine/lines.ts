import { hasRole, type Role } from '#api/rights'
import type { Words } from '#contract/names'
import type { CaseData, Field, Form } from './field.ts'
import type { Service, Services } from './services.ts'

/** A step that a line can take: it is signed by whoever takes it. */
export type LineStep = {
  verb: string
  label: Words
  from: readonly string[]
  to: string
  by: readonly Role[]
  asks?: readonly Field[]
  /** What is opened because of it; the line waits for it, and takes the step `after` when it has ended. */
  asksFor?: { [S in Service]: { service: S; form(of: CaseData, line: Form): Services[S] } }[Service] & { after: string }
}

/** A row that stands there from the opening. `by`: only these roles take its steps (a department's own clearance). */
export type GivenLine = { key: string; form: Form; by?: readonly Role[] }

/**
 * Rows of a case, each with a state and a signature of its own (design §6): papers handed over, what was found, three departments'
 * clearances side by side.
 */
export type LineList = {
  key: string
  name: Words
  source: string
  fields: readonly Field[]
  /** The field that says what a row is. */
  about: string
  /** Rows that are there from the opening, from the form. */
  given?(form: Form): readonly GivenLine[]
  /** Who may write further rows. */
  adds?: readonly Role[]
  /** The states of the case in which its rows are written and signed. */
  in: readonly string[]
  initial: string
  states: Readonly<Record<string, { name: Words; settled?: true }>>
  steps: readonly LineStep[]
  /** Empty rows on paper, to be filled in and signed by hand. */
  emptyOnPaper?: number
}

/** The roles that take a step of a row: its own, where it is one department's. */
export const takersOf = (list: LineList, step: LineStep, given: string | null, form: Form): readonly Role[] => {
  const own = given === null ? undefined : list.given?.(form).find(g => g.key === given)?.by
  return own ? step.by.filter(r => hasRole([r], own)) : step.by
}

export const isSettled = (list: LineList, state: string): boolean => list.states[state]?.settled === true
