import { Refusal } from '#api/errors'
import type { Log } from '#program/log'
import { storeFailed } from '#store/openStore'
import { system } from '../../books/audit.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import type { CaseEngine } from '../../engine/cases/caseEngine.ts'
import type { Reactions } from '../reactions.ts'
import { noteAck } from './acks.ts'
import { noteRaised, noteReturned } from './alarmBook.ts'
import type { Entry, Unrecorded } from './unrecorded.ts'

type Parts = { unit: UnitOfWork; reactions: Reactions; engine: CaseEngine; unrecorded: Unrecorded; log: Log }

const atOnce = 100

/**
 * Writes into the books what had to be kept in memory, in the order in which it was heard: alarms with their tickets, returns,
 * and who had acknowledged them. Everything has its id, so it does no harm that the journal brings it too.
 */
export const bringIn = async (p: Parts): Promise<void> => {
  const waiting = [...p.unrecorded.entries].filter(e => !e.refused)
  let some: Entry[] = []
  for (const e of waiting) {
    some.push(e)
    if (some.length < atOnce && !e.ack) continue
    await bringSome(p, some)
    some = []
    // Before what came later: a repeat of what was acknowledged then is a new alarm.
    if (e.ack) await bringAck(p, e.id, e.ack)
  }
  if (some.length > 0) await bringSome(p, some)
}

const bringSome = async (p: Parts, some: readonly Entry[]): Promise<void> => {
  try {
    await p.unit(system, async work => {
      for (const e of some) await noteEntry(work, p.reactions, e)
    })
  } catch (error) {
    if (storeFailed(error)) throw error
    const [only] = some
    if (some.length > 1) for (const e of some) await bringSome(p, [e])
    else if (only) {
      p.log.error({ err: error, alarm: only.fact ?? only.id }, 'bug: an alarm cannot be recorded; it stays on the screens')
      p.unrecorded.refuse(only.id)
    }
  }
}

const noteEntry = async (work: Work, reactions: Reactions, e: Entry): Promise<void> => {
  if (e.fact) await noteRaised(work, reactions, e.source, e.fact)
  // Told anew also where somebody else has recorded it meanwhile.
  work.touched.alarms.add(e.id)
  if (e.returnedAt === null) return
  const row = await work.tx.selectFrom('alarm').select('returned_at').where('id', '=', e.id).executeTakeFirst()
  if (row?.returned_at === null) await noteReturned(work, reactions, e.id, e.returnedAt)
}

const bringAck = (p: Parts, id: string, { at, actor, note }: NonNullable<Entry['ack']>): Promise<void> =>
  p
    .unit(actor, work => noteAck(work, p.engine, id, at, note))
    .catch(error => {
      // Somebody else was first, or the books know no such alarm.
      if (!(error instanceof Refusal)) throw error
      p.unrecorded.dropAck(id)
    })
