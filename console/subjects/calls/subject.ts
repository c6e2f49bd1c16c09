import { say, together, worded } from '#api/words/text'
import type { Subject } from '../../server/desk/subject.ts'
import { openEntries } from '../../server/engine/registers/registerLife.ts'
import { registers } from './registers.ts'

/** Calls, visits and letters as they come in (R3-R6). Replies that are owed go over to the next shift. */
export const calls: Subject = {
  registers,
  async handsOver({ db, directory }) {
    const open = (await Promise.all(registers.map(r => openEntries(db, r)))).flat().toSorted((a, b) => a.at - b.at)
    return open.map(e => {
      const { contact, company, phone, matter } = JSON.parse(e.form_json) as Record<string, string | undefined>
      const who = contact ?? company ?? phone ?? ''
      const text = together(say.call.owed(e.number, directory.calendar.clockOf(e.at)), ' ', who, ' ', worded(matter ?? ''))
      return { kind: 'note', ref: e.id, text, needsRemark: false }
    })
  },
}
