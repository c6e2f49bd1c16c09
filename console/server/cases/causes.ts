import type { CaseHead } from '#api/models/cases'
import type { CauseName } from '../../procedures/definition.ts'
import { promise } from '../books/outbox.ts'
import type { Work } from '../books/unitOfWork.ts'
import { charge } from '../charges/charges.ts'
import { oweReport } from '../duties/eventReport.ts'
import { endReported } from '../ingest/reportedAlarms.ts'
import { draftItems } from '../shift/handoverItems.ts'
import type { LiveState } from '../shift/liveState.ts'
import { swapShift } from '../shift/rosterBook.ts'
import type { SiteRules } from '../site/siteRules.ts'
import type { Directory } from './directory.ts'

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
