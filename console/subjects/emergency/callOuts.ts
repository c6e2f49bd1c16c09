import { say, type Text } from '#api/words/text'
import type { CallChain } from '#contract/site'
import { type Actor, accountIdOf, system } from '../../server/books/audit.ts'
import type { BooksReader } from '../../server/books/books.ts'
import { isOnLeave, personFilesIn } from '../../server/books/personFiles.ts'
import { accountsIn, writtenName } from '../../server/books/persons.ts'
import type { UnitOfWork, Work } from '../../server/books/unitOfWork.ts'
import type { Desk } from '../../server/desk/desk.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Channel } from '../../server/notify/channel.ts'
import { enqueue } from '../../server/notify/deliveries.ts'
import { onDutyAt } from '../../server/site/onDuty.ts'
import { emergency } from './definition.ts'
import { leadsNow } from './leading.ts'
import { postsIn } from './rows.ts'

type Callers = Pick<Desk, 'engine' | 'directory' | 'rules' | 'present'>
type Parts = Callers & Pick<Desk, 'channels'>
type Someone = { id: string; name: string; tel: string; mail: string }

/** A new emergency begins to call, where its level has a chain. */
export const beginCall = async (work: Work, caseId: string, level: number, chains: readonly CallChain[]): Promise<void> => {
  if (!chains.some(c => c.level === level)) return
  await work.tx
    .insertInto('call_out')
    .values({
      ...{ case_id: caseId, level, begun_at: work.at, step: 0, next_at: work.at },
      ...{ answered_at: null, answered_by: null, answered_by_id: null, eta_min: null },
    })
    .onConflict(c => c.column('case_id').doNothing())
    .execute()
}

/** Who is meant by a step of a chain, at this minute: whoever is on leave is nobody. */
const peopleOf = async (db: BooksReader, at: number, p: Callers, caseId: string, to: readonly string[]): Promise<Someone[]> => {
  const { calendar } = p.directory
  const [accounts, files, duty, leads, steps] = await Promise.all([
    accountsIn(db).where('user_account.active', '=', 1).orderBy('display').execute(),
    personFilesIn(db),
    onDutyAt(db, p.rules, calendar, at),
    leadsNow(db, at, p.engine.manual, p.present()),
    db.selectFrom('case_step').select('posts_json').where('case_id', '=', caseId).execute(),
  ])
  const planPosts = steps.flatMap(postsIn)
  const onDuty = new Set(duty.map(d => d.person_id))
  const present = p.present()
  const here = accounts.filter(a => !isOnLeave(files.get(a.id), calendar.dateOf(at)))
  const meant = (a: (typeof here)[number], whom: string): boolean => {
    if (whom === 'duty') return onDuty.has(a.id)
    if (whom === 'lead') return leads.some(l => l.id === a.id)
    if (whom === 'plan') return planPosts.includes(a.post) && (onDuty.has(a.id) || present.has(a.id))
    return whom === `post:${a.post}`
  }
  return here
    .filter(a => to.some(whom => meant(a, whom)))
    .map(a => ({ id: a.id, name: writtenName(a), tel: files.get(a.id)?.tel ?? '', mail: files.get(a.id)?.mail ?? '' }))
}

const chainOf = ({ directory }: Pick<Desk, 'directory'>, level: number) =>
  directory.site.calls.find(c => c.level === level)?.chain ?? []

type CallStep = CallChain['chain'][number]
/** By which of its channels a step reaches whom: a person by those that he has an address for, a group by its own. */
const waysOf = ({ channels }: Parts, step: CallStep, people: readonly Someone[]) =>
  step.by.flatMap(id => {
    const channel = channels.get(id)
    if (!channel) return []
    return [{ channel, people: channel.personal ? people.filter(x => x.mail !== '') : people }]
  })
const reaches = (ways: ReturnType<typeof waysOf>) => ways.some(w => w.people.length > 0 || !w.channel.personal)

/** Who would be called next if it came to that now: of a step that reaches nobody the one after it. Nobody where somebody has it, or the chain is at its end. */
export const nextCalled = async (
  db: BooksReader,
  p: Parts,
  call: { case_id: string; level: number; step: number; next_at: number | null; answered_at: number | null },
  at: number,
): Promise<Someone[]> => {
  if (call.next_at === null || call.answered_at !== null) return []
  for (const step of chainOf(p, call.level).slice(call.step)) {
    const ways = waysOf(p, step, await peopleOf(db, at, p, call.case_id, step.to))
    if (reaches(ways)) return [...new Map(ways.flatMap(w => w.people).map(x => [x.id, x])).values()]
  }
  return []
}

/** The next step of a chain goes into the queues of its channels; where nobody is to be called the one after it follows at once. */
const callNext = async (work: Work, p: Parts, caseId: string): Promise<void> => {
  const call = await work.tx.selectFrom('call_out').selectAll().where('case_id', '=', caseId).executeTakeFirst()
  if (!call || call.next_at === null || call.next_at > work.at || call.answered_at !== null) return
  const chain = chainOf(p, call.level)
  const step = chain[call.step]
  const set = (next_at: number | null, n = call.step + 1) =>
    work.tx.updateTable('call_out').set({ step: n, next_at }).where('case_id', '=', caseId).execute()
  if (!step) {
    await set(null, call.step)
    return
  }
  const head = await p.engine.head(work.tx, caseId)
  const { title } = caseOf(emergency, head).form
  const text = say.desk.called(head.number, call.level, title as Text, p.directory.placeName(head.place))
  const people = await peopleOf(work.tx, work.at, p, caseId, step.to)
  const reached = new Set<string>()
  for (const { channel, people: some } of waysOf(p, step, people)) {
    const to = { caseId, step: call.step, channel: channel.id, level: call.level, text }
    if (channel.personal)
      for (const x of some) {
        await enqueue(work, { ...to, person: x, address: x.mail, mention: [] })
        reached.add(x.name)
      }
    else {
      await enqueue(work, {
        ...to,
        person: null,
        address: '',
        mention: people.map(x => x.tel.replaceAll(/\D/g, '')).filter(Boolean),
      })
      for (const x of people) reached.add(x.name)
      reached.add(wordsOf(p, channel))
    }
  }
  const n = call.step + 1
  if (reached.size > 0) await p.engine.remark(work, caseId, 'called-out', '', { n, told: [...reached] })
  else await p.engine.remark(work, caseId, 'called-nobody', '', { n })
  const after = chain[n]
  const due = after ? call.begun_at + after.afterS * 1000 : null
  await set(due === null ? null : reached.size > 0 ? Math.max(due, work.at) : work.at)
  work.touched.cases.add(caseId)
}

const wordsOf = (p: Parts, channel: Channel): string =>
  p.directory.site.channels.find(c => c.id === channel.id)?.name.zh ?? channel.id

/** What still waits for others would only wake them. */
const withdrawWaiting = (work: Work, caseId: string) =>
  work.tx
    .updateTable('delivery')
    .set({ state: 'withdrawn', next_at: null })
    .where('case_id', '=', caseId)
    .where('state', '=', 'queued')
    .execute()

/** It is over, or goes on as another: nobody is called for it any more. */
const endCall = async (work: Work, caseId: string): Promise<void> => {
  await work.tx.updateTable('call_out').set({ next_at: null }).where('case_id', '=', caseId).execute()
  await withdrawWaiting(work, caseId)
}

/** Somebody has it: nobody else is called. False where somebody has it already. */
export const answerCall = async (
  work: Work,
  p: Pick<Parts, 'engine'>,
  caseId: string,
  who: { id: string | null; name: string },
  etaMin: number | null,
): Promise<boolean> => {
  const taken = await work.tx
    .updateTable('call_out')
    .set({ answered_at: work.at, answered_by: who.name, answered_by_id: who.id, eta_min: etaMin, next_at: null })
    .where('case_id', '=', caseId)
    .where('answered_at', 'is', null)
    .returning('case_id')
    .executeTakeFirst()
  if (!taken) return false
  await work.tx
    .updateTable('delivery')
    .set({ state: 'answered', next_at: null })
    .where('case_id', '=', caseId)
    .where('person_id', '=', who.id ?? '-')
    .execute()
  await withdrawWaiting(work, caseId)
  await p.engine.remark(work, caseId, 'call-answered', '', { name: who.name, etaMin })
  return true
}

/** Whoever was called says that he cannot: the next are called now. */
export const declineCall = async (work: Work, p: Pick<Parts, 'engine'>, caseId: string, name: string): Promise<void> => {
  await work.tx
    .updateTable('call_out')
    .set({ next_at: work.at })
    .where('case_id', '=', caseId)
    .where('answered_at', 'is', null)
    .where('next_at', 'is not', null)
    .execute()
  await p.engine.remark(work, caseId, 'call-declined', '', { name })
}

const openCalls = (db: BooksReader) =>
  db
    .selectFrom('call_out as c')
    .innerJoin('case_file as f', 'f.id', 'c.case_id')
    .select(['c.case_id', 'c.next_at', 'c.begun_at', 'f.ended_at'])
    .where('c.answered_at', 'is', null)
    .where(e => e.or([e('c.next_at', 'is not', null), e('f.ended_at', 'is', null)]))
    .execute()

/** Whoever has acknowledged an alarm of the ticket since it called has seen it: acknowledging stops the calls (ux.md, pattern 14). */
const ackedBy = (db: BooksReader, caseId: string, since: number) =>
  db
    .selectFrom('alarm')
    .select(['acked_by', 'acked_by_id'])
    .where('ticket', '=', caseId)
    .where('acked_at', '>=', since)
    .where('acked_by_id', 'is not', null)
    .orderBy('acked_at')
    .executeTakeFirst()

/** Every second: whose turn it is, who has it by now, and what is over. */
export const stepCalls = async (read: BooksReader, unit: UnitOfWork, p: Parts, now: number): Promise<void> => {
  for (const call of await openCalls(read)) {
    const acked = await ackedBy(read, call.case_id, call.begun_at)
    if (acked)
      await unit(system, work => answerCall(work, p, call.case_id, { id: acked.acked_by_id, name: acked.acked_by ?? '' }, null))
    else if (call.ended_at !== null) await unit(system, work => endCall(work, call.case_id))
    else if (call.next_at !== null && call.next_at <= now) await unit(system, work => callNext(work, p, call.case_id))
  }
}

export const someone = (actor: Actor) => ({ id: accountIdOf(actor), name: actor.display })
export const headIn = async (db: BooksReader, id: string) => {
  const row = await db.selectFrom('case_file').selectAll().where('id', '=', id).executeTakeFirst()
  return row && headOf(row)
}
