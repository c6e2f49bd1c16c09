import type { CausesOf } from '../../server/engine/chapter.ts'
import { writeEntry } from '../../server/engine/registers/registerBook.ts'
import type { repair } from './definition.ts'
import { repairRecord } from './register.ts'
import { repairRecordKept } from './settings.ts'

export const causes: CausesOf<typeof repair> = {
  /** R46: each order of a resident stands in his site's record, from the moment that it is taken. */
  async 'into-repair-record'(work, { id, form }, around) {
    const byResident = form.kind === 'repair' || form.kind === 'plate'
    if (!byResident || around.rules.value(repairRecordKept) !== true) return
    const { content: matter, address: place, contact, phone, appointment } = form
    const entry = { matter, place, contact, phone, ...(appointment === undefined ? {} : { appointment }) }
    await writeEntry(work, around, { register: repairRecord.id, form: entry, caseId: id }, { roles: repairRecord.writes })
  },
}
