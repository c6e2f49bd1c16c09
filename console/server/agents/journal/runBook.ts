import type { JournalOf } from '#contract/journal'
import type { Work } from '../../books/unitOfWork.ts'
import type { Reactions } from '../reactions.ts'

/** A run of a zone as the agent has read it back; lines that took it otherwise are made anew. */
export const noteRun = async (work: Work, agent: string, r: JournalOf<'run'>, reactions: Reactions) => {
  const proof = r.evidence.map(e => ({ ...e, when: r.why }))
  const old = await work.tx.selectFrom('run_interval').select(['proof_json', 'to_at']).where('id', '=', r.id).executeTakeFirst()
  const ended = { to_at: r.to, lasted_ms: r.lastedMs === null ? null : Math.round(r.lastedMs), why: r.why }
  const row = { ...ended, proof_json: JSON.stringify([...(old ? JSON.parse(old.proof_json) : []), ...proof]) }
  if (old) await work.tx.updateTable('run_interval').set(row).where('id', '=', r.id).execute()
  else
    await work.tx
      .insertInto('run_interval')
      .values({ id: r.id, agent, zone: r.zone, from_at: r.from, ...row })
      .execute()
  if (old?.to_at === null && r.to !== null) {
    // While it was open the run counted up to now; lines that took it so are made anew.
    await reactions.run(work, r.zone, r.from, work.at)
  } else if (!old && r.to === null) {
    // A zone has one run at a time: one whose end was lost ended, at the latest, where the next began.
    const lost = work.tx
      .updateTable('run_interval')
      .set({ to_at: r.from, why: 'unverified' })
      .where('zone', '=', r.zone)
      .where('agent', '=', agent)
    const closed = await lost
      .where('to_at', 'is', null)
      .where('id', '!=', r.id)
      .where('from_at', '<=', r.from)
      .returning('from_at')
      .execute()
    for (const e of closed) await reactions.run(work, r.zone, e.from_at, work.at)
  } else if (r.to !== null) await reactions.run(work, r.zone, r.from, r.to)
}
