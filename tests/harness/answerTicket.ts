import type { CaseFull } from '#api/models/cases'
import type { Person } from './person.ts'

/** Acknowledges a ticket's alarms and sets its open steps aside, so that it may be closed. */
export const answerTicket = async (by: Person, id: string): Promise<void> => {
  const { alarms, steps } = (await by.get<CaseFull>(`/cases/${id}`)).body
  for (const a of alarms) if (a.ackedAt === null) await by.post(`/alarms/${a.id}/ack`, {})
  for (const s of steps)
    if (s.doneAt === null && s.aside === null) await by.post(`/cases/${id}/steps/${s.n}/set-aside`, { reason: '现场不需要' })
}
