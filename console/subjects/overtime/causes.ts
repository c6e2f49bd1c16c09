import { promise } from '../../server/books/outbox.ts'
import type { CausesOf } from '../../server/engine/chapter.ts'
import { charge } from './charges.ts'
import type { overtime } from './definition.ts'

export const causes: CausesOf<typeof overtime> = {
  async reserve(work, { id, tenant, form }) {
    const { zone, from, to, quotedFen } = form
    await work.tx
      .insertInto('booking')
      .values({ case_id: id, zone, tenant: tenant ?? '', from_at: from, to_at: to, live: 1, quoted_fen: quotedFen })
      .execute()
  },
  async unreserve(work, head) {
    await work.tx.updateTable('booking').set({ live: 0 }).where('case_id', '=', head.id).execute()
  },
  async 'end-now'(work, head) {
    await work.tx.updateTable('booking').set({ to_at: work.at }).where('case_id', '=', head.id).execute()
  },
  'publish-programme': work => promise(work, 'programme'),
  charge: (work, head, { directory }) => charge(work, directory, head),
}
