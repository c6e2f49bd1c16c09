import type { Selectable } from 'kysely'
import type { CaseEvent, CaseHead, DeadlineView } from '#api/models/cases'
import type { Words } from '#contract/names'
import type { Books } from '../../books/schema.ts'

export const headOf = (row: Selectable<Books['case_file']>): CaseHead => ({
  id: row.id,
  procedure: row.procedure,
  version: row.version,
  number: row.number,
  state: row.state,
  place: row.place,
  tenant: row.tenant,
  owner: row.owner,
  ownerId: row.owner_id,
  department: row.department,
  handler: row.handler,
  handlerId: row.handler_id,
  openedAt: row.opened_at,
  changedAt: row.changed_at,
  endedAt: row.ended_at,
  urgent: row.urgent === 1,
  form: JSON.parse(row.form_json),
  facts: JSON.parse(row.facts_json),
  revision: row.revision,
  dueAt: row.due_at,
  warnAt: row.warn_at,
})

export const deadlineOf = (row: Selectable<Books['case_deadline']>, rule: { name: Words; source: string }): DeadlineView => ({
  key: row.key,
  name: rule.name,
  source: rule.source,
  startedAt: row.started_at,
  warnAt: row.warn_at,
  limitAt: row.limit_at,
  pausedAt: row.paused_at,
  missedAt: row.missed_at,
  escalatedAt: row.escalated_at,
  metAt: row.met_at,
})

export const eventOf = (row: Selectable<Books['history']>): CaseEvent => ({
  n: row.n,
  at: row.at,
  by: row.by_user,
  station: row.station,
  verb: row.verb,
  from: row.from_state,
  to: row.to_state,
  note: row.note,
  detail: JSON.parse(row.detail_json),
})
