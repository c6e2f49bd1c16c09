import { say } from '#api/words/text'
import type { Fact } from '../../server/agents/alarms/fact.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { repair } from './definition.ts'

/** An equipment alarm of level 3 opens an order marked 急, one per alarm point while it is open (design §5). */
export const orderFor = async (work: Work, engine: CaseEngine, alarm: Fact): Promise<string | null> => {
  if (alarm.level !== 3 || alarm.kind !== 'equipment') return null
  const open = await work.tx
    .selectFrom('alarm')
    .innerJoin('case_file', 'case_file.id', 'alarm.ticket')
    .select('case_file.id')
    .where('alarm.key', '=', alarm.key)
    .where('case_file.procedure', '=', repair.id)
    .where('case_file.ended_at', 'is', null)
    .executeTakeFirst()
  if (open) {
    await engine.remark(work, open.id, 'alarm', '', { name: alarm.name, at: alarm.raisedAt, alarm: alarm.id })
    return open.id
  }
  const place = alarm.place ?? alarm.device
  const contact = say.desk.alarmContact
  const form = { address: place ?? alarm.key, content: alarm.name, contact, phone: '—', kind: 'equipment' }
  const head = await engine.open(work, repair.id, { form, place, urgent: true }, 'system')
  return head.id
}
