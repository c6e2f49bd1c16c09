import { say } from '#api/words/text'
import { suppressedNow } from '../../server/agents/alarms/suppressions.ts'
import { textOf } from '../../server/books/words.ts'
import { deskRoute } from '../../server/desk/desk.ts'
import type { Subject } from '../../server/desk/subject.ts'
import { ledgerOf } from './ledger.ts'
import { remindOfEnds } from './reminder.ts'
import { remindBefore } from './settings.ts'

/** What people have changed of how the building is: one ledger, that the handover goes through (ISA-18.2; HSE on overrides). */
export const overrides: Subject = {
  settings: [remindBefore],
  chores: desk => [{ what: 'ends of what was changed', act: () => remindOfEnds(desk) }],
  routes: desk => [deskRoute('GET /overrides', ({ who }) => ledgerOf(desk, who.user))],
  /** Points that are held stand in the handover by themselves. */
  async handsOver({ db, directory }) {
    const { dateOf, clockOf } = directory.calendar
    const rows = await suppressedNow(db)
    return rows.map(r => {
      const end = `${dateOf(r.until).slice(5)} ${clockOf(r.until)}`
      const what = r.kind === 'shelved' ? say.overrides.shelvedUntil(end) : say.overrides.outUntil(end)
      return {
        kind: 'hold' as const,
        ref: `suppression/${r.id}`,
        text: say.overrides.handedOver(textOf(r.name_json), what, r.by_user, r.why),
        needsRemark: false,
      }
    })
  },
}
