import type { Selectable } from 'kysely'
import type { LinkageView } from '#api/models/live'
import type { JournalOf } from '#contract/journal'
import type { BooksReader } from '../../books/books.ts'
import type { Books } from '../../books/schema.ts'
import type { Work } from '../../books/unitOfWork.ts'
import { wordsIn } from '../../books/words.ts'
import type { Reactions } from '../reactions.ts'

/** What an expected linkage did, measured from the moment the rule was met or somebody started it. */
export const noteLinkage = async (work: Work, r: JournalOf<'linkage'>, reactions: Reactions) => {
  const change = {
    ...(r.phase === 'triggered' ? { triggered_at: r.at, start_limit_ms: r.limitMs } : {}),
    ...(r.phase === 'started' ? { start_ms: r.elapsedMs, start_limit_ms: r.limitMs } : {}),
    ...(r.phase === 'fed-back' || r.phase === 'late'
      ? { feedback_ms: r.elapsedMs, feedback_limit_ms: r.limitMs, missing: 0 }
      : {}),
    ...(r.phase === 'missing' ? { missing: 1, feedback_limit_ms: r.limitMs } : {}),
    // Its feedback stays: it did come, and then fell back.
    ...(r.phase === 'relapsed' ? { relapsed_at: r.at } : {}),
    ...(r.phase === 'restored' ? { relapsed_at: null } : {}),
    ...(r.phase === 'released' ? { released_at: r.at } : {}),
  }
  await work.tx
    .insertInto('linkage')
    .values({
      event: r.event,
      linkage: r.linkage,
      compartment: r.compartment,
      name_json: JSON.stringify(r.name),
      triggered_at: null,
      start_ms: null,
      start_limit_ms: null,
      feedback_ms: null,
      feedback_limit_ms: null,
      missing: 0,
      relapsed_at: null,
      released_at: null,
      ...change,
    })
    .onConflict(c => c.columns(['event', 'linkage']).doUpdateSet(change))
    .execute()
  await reactions.linkage(work, r.compartment)
}

/** What the agent did about a compartment, or withheld while it was under test. */
export const noteCompartment = async (work: Work, agent: string, r: JournalOf<'compartment'>, reactions: Reactions) => {
  if (r.phase === 'rule-met' || r.phase === 'by-hand')
    await work.tx
      .insertInto('compartment_event')
      .values({
        event: r.event,
        agent,
        compartment: r.compartment,
        met_at: r.at,
        released_at: null,
        causes_json: JSON.stringify(r.causes),
      })
      .onConflict(c => c.column('event').doNothing())
      .execute()
  if (r.phase === 'released')
    await work.tx.updateTable('compartment_event').set({ released_at: r.at }).where('event', '=', r.event).execute()
  const detail = { causes: r.causes, at: r.at, ...(r.until === undefined ? {} : { until: r.until }) }
  await reactions.compartment(work, r.compartment, r.phase, detail)
}

export const linkageOf = (row: Selectable<Books['linkage']>): LinkageView => ({
  compartment: row.compartment,
  event: row.event,
  linkage: row.linkage,
  name: wordsIn(row.name_json),
  triggeredAt: row.triggered_at,
  startMs: row.start_ms,
  startLimitMs: row.start_limit_ms,
  feedbackMs: row.feedback_ms,
  feedbackLimitMs: row.feedback_limit_ms,
  missing: row.missing === 1,
  relapsedAt: row.relapsed_at,
  releasedAt: row.released_at,
})

/** Of each linkage of each compartment the last event that called for it. */
export const lastLinkages = async (db: BooksReader): Promise<LinkageView[]> => {
  const rows = await db
    .selectFrom('linkage as l')
    .selectAll()
    .where(e =>
      e(
        'l.triggered_at',
        '=',
        e
          .selectFrom('linkage as m')
          .select(x => x.fn.max('m.triggered_at').as('at'))
          .whereRef('m.compartment', '=', 'l.compartment')
          .whereRef('m.linkage', '=', 'l.linkage'),
      ),
    )
    .orderBy('l.triggered_at', 'desc')
    .limit(500)
    .execute()
  return rows.map(linkageOf)
}
