import type { CaseHead } from '#api/models/cases'
import { oweReport } from '../../../subjects/emergency/eventReport.ts'
import { endReported } from '../../../subjects/emergency/reportedAlarms.ts'
import { draftItems } from '../../../subjects/handover/items.ts'
import { charge } from '../../../subjects/overtime/charges.ts'
import { swapShift } from '../../../subjects/roster/rosterBook.ts'
import { promise } from '../../books/outbox.ts'
import type { Work } from '../../books/unitOfWork.ts'
import type { LiveState } from '../../mirror/liveState.ts'
import type { Directory } from '../../site/directory.ts'
import type { SiteRules } from '../../site/siteRules.ts'
import type { CauseName } from '../definition.ts'

export type CauseContext = { directory: Directory; live: LiveState; rules: SiteRules }
type Cause = (work: Work, head: CaseHead, context: CauseContext) => Promise<void>

/** The closed list of effects (design §6). What leaves the database goes through the outbox in the same transaction. */
export const causes: Record<CauseName, Cause> = {
  async reserve(work, head) {
    const form = head.form as { zone: string; from: number; to: number; quotedFen: number }
    await work.tx
      .insertInto('booking')
      .values({
        case_id: head.id,
        zone: form.zone,
        tenant: head.tenant ?? '',
        from_at: form.from,
        to_at: form.to,
        live: 1,
        quoted_fen: form.quotedFen,
      })
      .execute()
  },
  async unreserve(work, head) {
    await work.tx.updateTable('booking').set({ live: 0 }).where('case_id', '=', head.id).execute()
  },
  'end-now': (work, head) =>
    work.tx
      .updateTable('booking')
      .set({ to_at: work.at })
      .where('case_id', '=', head.id)
      .execute()
      .then(() => {}),
  'publish-programme': work => promise(work, 'programme'),
  charge: (work, head, { directory }) => charge(work, directory, head),
  'draft-handover': (work, head, around) => draftItems(work, head, around),
  'swap-shift': (work, head) => swapShift(work, head),
  'end-reported': (work, head) => endReported(work, head.id),
  'owe-report': (work, head, { directory }) => oweReport(work, head, directory),
}
