import type { AlarmPageView } from '#api/models/alarmPage'
import { alarmIn } from '../../server/agents/alarms/acks.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { guidanceOf } from './guidance.ts'

const lastTimes = 10
const quarterMs = 90 * 86_400_000

/** One alarm with all that helps whoever must act on it. */
export const alarmPage = async (desk: Desk, id: string): Promise<AlarmPageView> => {
  const { read } = desk.books
  const kept = desk.unrecorded.get(id)
  const alarm = (kept && desk.alarms.ofEntry(kept)) ?? desk.alarms.ofRow(await alarmIn(read, id))
  const same = () => read.selectFrom('alarm').where('source', '=', alarm.source).where('key', '=', alarm.key)
  const [rows, counted] = await Promise.all([
    same().selectAll().where('id', '!=', id).orderBy('raised_at', 'desc').limit(lastTimes).execute(),
    same()
      .select(e => e.fn.countAll<number>().as('n'))
      .where('raised_at', '>', desk.wall() - quarterMs)
      .executeTakeFirst(),
  ])
  const ids = [...new Set(rows.flatMap(r => r.ticket ?? []))]
  const cases = ids.length === 0 ? [] : await read.selectFrom('case_file').selectAll().where('id', 'in', ids).execute()
  const caseOf = (ticket: string | null) => {
    const row = cases.find(c => c.id === ticket)
    const head = row && headOf(row)
    if (!head) return null
    return { id: head.id, number: head.number, state: desk.engine.procedureOf(head).states[head.state]?.name ?? head.state }
  }
  return {
    alarm,
    guidance: guidanceOf(desk.directory.site, desk.profiles, alarm),
    last: rows.map(r => ({
      ...{ id: r.id, raisedAt: r.raised_at, returnedAt: r.returned_at, ackedBy: r.acked_by },
      notes: (JSON.parse(r.notes_json) as { by: string; text: string }[]).map(n => `${n.by}: ${n.text}`),
      case: caseOf(r.ticket),
    })),
    times90: Number(counted?.n ?? 0),
  }
}
