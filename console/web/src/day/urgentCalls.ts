import { type Department, departmentRoles } from '#api/departments'
import type { CaseHead, ProcedureView } from '#api/models/cases'
import type { Role } from '#api/rights'

/** Urgent cases that call for somebody of the department that has them, the oldest first, until one of them takes it up. */
export const urgentCalls = (cases: Iterable<CaseHead>, procedures: readonly ProcedureView[], held: readonly Role[]): CaseHead[] =>
  [...cases]
    .filter(c => {
      const calls = procedures.find(p => p.id === c.procedure)?.calls ?? []
      const roles = c.department === null ? [] : departmentRoles[c.department as Department]
      return c.urgent && c.endedAt === null && calls.includes(c.state) && roles.some(r => held.includes(r))
    })
    .sort((a, b) => a.openedAt - b.openedAt)
