import { sql } from 'kysely'
import { ulid } from 'ulid'
import { say } from '#api/words/text'
import { isFinalStep, type JournalOf, journalBody } from '#contract/journal'
import type { Bodies } from '#contract/messages'
import { level } from '#contract/priority'
import { storeFailed } from '#store/openStore'
import { audit, system } from '../../books/audit.ts'
import type { BooksReader } from '../../books/books.ts'
import { tell } from '../../books/notices.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import { wordsIn } from '../../books/words.ts'
import { noteRaised, noteReturned } from '../alarms/alarmBook.ts'
import { noteOwnEvent } from '../alarms/consoleAlarms.ts'
import type { Reactions } from '../reactions.ts'
import { noteCompartment, noteLinkage } from './fireBook.ts'
import { noteRun } from './runBook.ts'

type Parts = { unit: UnitOfWork; reactions: Reactions; mono(): number }
type Keeper = { agent: string; journalId: string }

/** How long a hole in the numbers is asked for again before it is accepted as lost (real ms). */
const gapPatienceMs = 3000

/**
 * Takes an agent's journal into the books: de-duplicated by (agent, journal id, number) in the transaction that stores
 * the effect, so a record counts exactly once whatever is repeated, lost or killed in between (design §3).
 */
export const openJournalBook = (p: Parts) => {
  const gaps = new Map<string, { at: number; first: number }>()

  /** Returns the highest contiguous number now safely stored. */
  const ingest = (agent: string, body: Bodies['journal'], trouble?: string): Promise<number> =>
    p.unit(system, async work => {
      const keeper = { agent, journalId: body.journalId }
      const before = await highWaterOf(work, keeper)
      const records = body.records.filter(r => r.n > before)
      const first = records[0]?.n
      if (first !== undefined && first > before + 1) {
        if (!(await acceptGap(work, keeper, before, first))) return before
      }
      let at = first === undefined ? before : first - 1
      for (const { n, body: raw } of records) {
        if (n !== at + 1) break
        await takeOne(work, keeper, n, raw, trouble)
        at = n
      }
      if (at !== before)
        await work.tx
          .insertInto('high_water')
          .values({ agent, journal_id: body.journalId, n: at })
          .onConflict(c => c.columns(['agent', 'journal_id']).doUpdateSet({ n: at }))
          .execute()
      return at
    })

  /**
   * After a batch failed: each record for itself, and what is refused for what it is goes to quarantine as it came. Where it is the
   * store that fails, nothing is judged: the agent, who is not told that it is safe, sends it again.
   */
  const ingestSingly = async (agent: string, body: Bodies['journal']): Promise<number> => {
    gaps.delete(`${agent}/${body.journalId}`)
    let upTo = 0
    for (const record of body.records) {
      const one = { journalId: body.journalId, records: [record] }
      upTo = await ingest(agent, one).catch(error => {
        if (storeFailed(error)) throw error
        return ingest(agent, one, String(error))
      })
    }
    return upTo
  }

  /** A hole is asked for again first; when it comes back the same, the numbers no longer exist and are shown as a gap. */
  const acceptGap = async (work: Work, { agent, journalId }: Keeper, before: number, first: number): Promise<boolean> => {
    const key = `${agent}/${journalId}`
    const known = gaps.get(key)
    if (!known || known.first !== first) {
      gaps.set(key, { at: p.mono(), first })
      return false
    }
    if (p.mono() - known.at < gapPatienceMs) return false
    gaps.delete(key)
    await work.tx
      .insertInto('journal_gap')
      .values({ agent, journal_id: journalId, from_n: before + 1, to_n: first - 1, seen_at: work.at })
      .execute()
    const name = say.desk.journalGap(agent, first - 1 - before)
    await noteOwnEvent(work, p.reactions, { key: `gap/${agent}`, level: 3, name })
    return true
  }

  const takeOne = async (work: Work, { agent, journalId }: Keeper, n: number, raw: unknown, trouble?: string) => {
    const parsed = journalBody.safeParse(raw)
    const type = parsed.success && !trouble ? parsed.data.type : 'undecodable'
    await work.tx.insertInto('ingested').values({ agent, journal_id: journalId, n, at: work.at, type }).execute()
    if (!parsed.success || trouble) {
      const reason = trouble ?? parsed.error?.issues[0]?.message ?? 'invalid'
      await work.tx
        .insertInto('quarantine')
        .values({ agent, journal_id: journalId, n, at: work.at, body: JSON.stringify(raw), reason })
        .execute()
      const name = say.desk.quarantined(agent)
      await noteOwnEvent(work, p.reactions, { key: `quarantine/${agent}`, level: 3, name })
      return
    }
    const record = parsed.data
    switch (record.type) {
      case 'alarm-raised':
        return noteRaised(work, p.reactions, agent, record.alarm)
      case 'alarm-returned':
        return noteReturned(work, p.reactions, record.id, record.at)
      case 'command':
        return noteCommand(work, agent, record)
      case 'run':
        return noteRun(work, agent, record, p.reactions)
      case 'linkage':
        return noteLinkage(work, record, p.reactions)
      case 'compartment':
        return noteCompartment(work, agent, record, p.reactions)
      case 'site': {
        const { added, removed, changed } = record
        return audit(work.tx, record.at, work.actor, 'site-taken', agent, { added, removed, changed })
      }
      case 'access': {
        const { type: _, ...event } = { ...record, id: ulid() }
        await work.tx
          .insertInto('access_event')
          .values({ ...event, agent })
          .execute()
        await p.reactions.access(work, event)
      }
    }
  }
  return { ingest, ingestSingly }
}

/** How far each journal is in the books, the latest journal of an agent last. */
export const highWaters = async (db: BooksReader): Promise<{ agent: string; journalId: string; upTo: number }[]> => {
  const rows = await db.selectFrom('high_water').selectAll().orderBy('journal_id').execute()
  return rows.map(r => ({ agent: r.agent, journalId: r.journal_id, upTo: r.n }))
}

export const highWaterOf = async (work: Work, { agent, journalId }: Keeper): Promise<number> => {
  const row = await work.tx
    .selectFrom('high_water')
    .select('n')
    .where('agent', '=', agent)
    .where('journal_id', '=', journalId)
    .executeTakeFirst()
  return row?.n ?? 0
}

const noteCommand = async (work: Work, agent: string, r: JournalOf<'command'>) => {
  const old = await work.tx.selectFrom('command').select(['steps_json', 'step']).where('id', '=', r.id).executeTakeFirst()
  const steps = [...(old ? JSON.parse(old.steps_json) : []), { step: r.step, at: r.at, ms: r.sinceAcceptedMs }]
  const outcome = {
    step: r.step,
    reason: r.reason,
    read_json: r.read === undefined ? null : JSON.stringify(r.read),
    steps_json: JSON.stringify(steps),
  }
  if (old) await work.tx.updateTable('command').set(outcome).where('id', '=', r.id).execute()
  else {
    const why = r.causes[0]?.what ?? say.overview.agent
    await work.tx
      .insertInto('command')
      .values({
        id: r.id,
        agent,
        point: r.point,
        value_json: JSON.stringify(r.value),
        level: r.level,
        kind: r.level === level.fire && isFinalStep(r.step) && r.value === null ? 'release-fire' : 'agent',
        by_json: JSON.stringify(why),
        user_id: null,
        at: r.at,
        until: null,
        causes_json: JSON.stringify(r.causes),
        ...outcome,
      })
      .execute()
  }
  work.touched.commands.add(r.id)
  if (r.step === 'confirmed' && old) await tellOverruled(work, r)
}

/** Whoever held a point by hand is told, once it is so, that somebody else has changed it. */
const tellOverruled = async (work: Work, r: JournalOf<'command'>) => {
  const [mine, before] = await work.tx
    .selectFrom('command')
    .selectAll()
    .where('point', '=', r.point)
    .where('kind', 'in', ['hold', 'release'])
    .where('step', '=', 'confirmed')
    .orderBy('at', 'desc')
    .limit(2)
    .execute()
  if (mine?.id !== r.id || !before || before.kind !== 'hold' || before.user_id === null || before.user_id === mine.user_id) return
  if (before.until !== null && before.until <= work.at) return
  const text = say.overrides.overruled(wordsIn(mine.by_json), r.point)
  await tell(work, { to: [`user:${before.user_id}`], record: r.point, kind: 'overruled', text })
}

/** How many records of each agent are missing, or could not be read. */
export const troubleCounts = async (
  db: BooksReader,
  table: 'journal_gap' | 'quarantine',
): Promise<ReadonlyMap<string, number>> => {
  const rows = await db
    .selectFrom(table)
    .select(['agent', sql<number>`count(*)`.as('n')])
    .groupBy('agent')
    .execute()
  return new Map(rows.map(r => [r.agent, r.n]))
}
