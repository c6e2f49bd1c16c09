import type { CausesOf } from '../../server/engine/chapter.ts'
import { didOf } from '../../server/engine/definition.ts'
import { writeEntry } from '../../server/engine/registers/registerBook.ts'
import type { complaint } from './definition.ts'
import { complaintsInDutyRecord } from './settings.ts'

/** What is said with it when it has been dealt with. */
const ends = ['handle', 'invalid', 'answer']

export const causes: CausesOf<typeof complaint> = {
  /** R24: whoever is on duty writes each complaint, and what came of it, into the duty record. */
  async 'into-duty-record'(work, head, around) {
    const register = around.manual.registers.find(r => r.ofDuty)
    if (!register || around.rules.value(complaintsInDutyRecord) !== true) return
    const { form, facts, number, id } = head
    const last = ends
      .map(verb => didOf(facts, { verb }) as { at: number; result?: string; words?: string; reason?: string } | undefined)
      .find(d => d?.at === work.at)
    const said = last?.result ?? last?.words ?? last?.reason
    const entry = {
      matter: `${number} ${form.content.slice(0, 800)}`,
      ...{ place: form.address, contact: form.contact, phone: form.phone },
      ...(said === undefined ? {} : { outcome: said.slice(0, 480) }),
    }
    await writeEntry(work, around, { register: register.id, form: entry, caseId: id }, { roles: register.writes })
  },
}
