import { Refusal } from '#api/errors'
import { type AlarmEvent, type AlarmLife, type Suppression, stepAlarm } from '#api/models/alarmLife'
import type { AlarmRow } from './rows.ts'

export const lifeOfRow = (row: AlarmRow, suppressed: Suppression | null): AlarmLife => ({
  level: row.level as AlarmLife['level'],
  stands: row.returned_at === null,
  acked: row.acked_at !== null,
  latched: row.latched === 1,
  suppressed,
})

/** What the table makes of it; a refusal is thrown. */
export const stepped = (life: AlarmLife, event: AlarmEvent) => {
  const answer = stepAlarm(life, event)
  if (typeof answer === 'string') throw new Refusal(answer, 'id')
  return answer
}
