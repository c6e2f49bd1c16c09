import { audit } from '../../server/books/audit.ts'
import type { CausesOf } from '../../server/engine/chapter.ts'
import type { regularCleaning } from './definition.ts'

export const causes: CausesOf<typeof regularCleaning> = {
  /** Months after the last one are not paid: one that was charged already comes to nothing, and Finance gets the difference. */
  async 'charge-until'(work, head) {
    const { tx, at, actor } = work
    const later = tx.updateTable('service_charge').set({ fen: 0 }).where('case_id', '=', head.id)
    await later.where('month', '>', head.form.last ?? '9999').execute()
    await audit(tx, at, actor, 'charge-corrected', head.id, { until: head.form.last ?? null })
    work.touched.charges = true
  },
}
