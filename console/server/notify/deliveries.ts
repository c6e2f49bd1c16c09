import { randomBytes } from 'node:crypto'
import type { Selectable } from 'kysely'
import { ulid } from 'ulid'
import type { Text } from '#api/words/text'
import { hashOfToken } from '../auth/proofs.ts'
import type { BooksReader } from '../books/books.ts'
import type { Books } from '../books/schema.ts'
import type { Work } from '../books/unitOfWork.ts'
import { mostTries, pauseMs } from '../domain/sending.ts'
import type { Answer } from './channel.ts'

export type DeliveryRow = Selectable<Books['delivery']>
/** One minute of a channel's own limit, wall ms. */
export const minuteMs = 60_000

type New = {
  caseId: string | null
  step: number | null
  channel: string
  person: { id: string; name: string } | null
  address: string
  mention: readonly string[]
  level: number
  text: Text
}

/** Puts a message into the queue of its channel, once for each step of a chain and person. Nothing leaves before the commit. */
export const enqueue = async (work: Work, n: New): Promise<void> => {
  await work.tx
    .insertInto('delivery')
    .values({
      id: ulid(),
      case_id: n.caseId,
      step: n.step,
      channel: n.channel,
      person_id: n.person?.id ?? '',
      person: n.person?.name ?? '',
      address: n.address,
      mention_json: JSON.stringify(n.mention),
      level: n.level,
      text_json: JSON.stringify(n.text),
      made_at: work.at,
      state: 'queued',
      tries: 0,
      next_at: work.at,
      sent_at: null,
      accepted_at: null,
      why: null,
    })
    .onConflict(c => c.columns(['case_id', 'step', 'channel', 'person_id']).doNothing())
    .execute()
}

/** What waits for a channel now, and how much it has taken within the last minute. */
export const waitingFor = async (db: BooksReader, channel: string, now: number) => {
  const [waiting, sent] = await Promise.all([
    db.selectFrom('delivery').selectAll().where('channel', '=', channel).where('next_at', '<=', now).execute(),
    db
      .selectFrom('delivery')
      .select(e => e.fn.count<number>('sent_at').distinct().as('n'))
      .where('channel', '=', channel)
      .where('sent_at', '>', now - minuteMs)
      .executeTakeFirst(),
  ])
  return { waiting, sent: Number(sent?.n ?? 0) }
}

/**
 * On its way: written before it goes, so that a crash leaves it known as perhaps sent. Answers which of them go, for what somebody has answered since
 * they were looked up stays here, and the token for their link.
 */
export const noteSent = async (
  work: Work,
  rows: readonly DeliveryRow[],
  at: number,
): Promise<{ token: string; going: ReadonlySet<string> }> => {
  const token = randomBytes(24).toString('base64url')
  const going = await work.tx
    .updateTable('delivery')
    .set(e => ({ state: 'sent', sent_at: at, tries: e('tries', '+', 1), next_at: null }))
    .where(
      'id',
      'in',
      rows.map(r => r.id),
    )
    .where('state', '=', 'queued')
    .returning('id')
    .execute()
  for (const { id } of going)
    await work.tx
      .insertInto('delivery_link')
      .values({ token_hash: hashOfToken(token), delivery: id })
      .execute()
  return { token, going: new Set(going.map(r => r.id)) }
}

/** Whether nobody needs it any more: somebody has it by now, or it is over. What is on its way then does not go once more. */
const isSettled = async (work: Work, caseId: string | null): Promise<boolean> => {
  if (caseId === null) return false
  const found = await work.tx
    .selectFrom('case_file')
    .leftJoin('call_out', 'call_out.case_id', 'case_file.id')
    .select(['case_file.ended_at', 'call_out.answered_at'])
    .where('case_file.id', '=', caseId)
    .executeTakeFirst()
  return found !== undefined && (found.ended_at !== null || found.answered_at !== null)
}

/** What became of it. Whoever has answered meanwhile needs no other message. */
export const noteAnswer = async (work: Work, rows: readonly DeliveryRow[], answer: Answer): Promise<void> => {
  for (const { id, tries, case_id } of rows) {
    const settled = answer.is !== 'accepted' && (await isSettled(work, case_id))
    const done = answer.is === 'accepted' ? { state: 'accepted', accepted_at: work.at, why: null } : undefined
    const over = answer.is === 'refused' || tries + 1 >= mostTries
    // Too much is no failure of the message: it waits its minute and is not counted.
    const again = {
      state: over ? 'failed' : 'queued',
      next_at: over ? null : work.at + (answer.is === 'limited' ? minuteMs : pauseMs(tries + 1)),
      tries: answer.is === 'limited' ? tries : tries + 1,
      why: answer.is === 'accepted' ? null : answer.why,
    }
    await work.tx
      .updateTable('delivery')
      .set(done ?? (settled ? { state: 'withdrawn', next_at: null, why: again.why } : again))
      .where('id', '=', id)
      .where('state', '=', 'sent')
      .execute()
  }
  for (const row of rows) if (row.case_id !== null) work.touched.cases.add(row.case_id)
}

/**
 * After a start: what was on its way when the console died may have arrived or not, and goes out once more under the same id; but not where somebody
 * has it by now.
 */
export const takeUpAgain = async (work: Work): Promise<void> => {
  const cut = await work.tx.selectFrom('delivery').select(['id', 'case_id']).where('state', '=', 'sent').execute()
  for (const { id, case_id } of cut) {
    const change = (await isSettled(work, case_id))
      ? { state: 'withdrawn', next_at: null }
      : { state: 'queued', next_at: work.at }
    await work.tx.updateTable('delivery').set(change).where('id', '=', id).execute()
  }
}

/** How a channel does: what waits since when, the last that it took, how often in a row it has failed since, and why. */
export const channelHealth = async (db: BooksReader, channel: string) => {
  const of = () => db.selectFrom('delivery').where('channel', '=', channel)
  const [waits, accepted] = await Promise.all([
    of()
      .select(e => [e.fn.min('made_at').as('at'), e.fn.countAll<number>().as('n')])
      .where('state', 'in', ['queued', 'sent'])
      .executeTakeFirst(),
    of().select('accepted_at').where('accepted_at', 'is not', null).orderBy('accepted_at', 'desc').limit(1).executeTakeFirst(),
  ])
  const since = accepted?.accepted_at ?? 0
  // What was withdrawn because somebody has it tells of its channel all the same.
  const [worst, last] = await Promise.all([
    of()
      .select(e => e.fn.max('tries').as('tries'))
      .where('why', 'is not', null)
      .where('sent_at', '>', since)
      .executeTakeFirst(),
    of().select(['why', 'sent_at', 'state']).where('why', 'is not', null).orderBy('sent_at', 'desc').limit(1).executeTakeFirst(),
  ])
  return {
    waiting: Number(waits?.n ?? 0),
    waitsSince: waits?.at ?? null,
    acceptedAt: accepted?.accepted_at ?? null,
    tries: Number(worst?.tries ?? 0),
    failedAt: last?.sent_at ?? null,
    /** It was given up. */
    gaveUp: last?.state === 'failed' && (last.sent_at ?? 0) > since,
    why: last?.why ?? null,
  }
}
