import { ulid } from 'ulid'
import { Refusal } from '#api/errors'
import type { User } from '#api/models/people'
import { mayDo, type Right } from '#api/rights'
import type { Command, LetPass, PersonAct } from '#contract/messages'
import { type PointRef, refOf, splitRef, type Words } from '#contract/names'
import { type Cause, level, longestHoldMs, longestTestMs, passCause } from '#contract/priority'
import type { Log } from '#program/log'
import { type Actor, accountIdOf, audit, system } from '../../books/audit.ts'
import type { BooksStore } from '../../books/books.ts'
import type { UnitOfWork, Work } from '../../books/unitOfWork.ts'
import type { Mirror } from '../../mirror/mirror.ts'
import type { Directory } from '../../site/directory.ts'
import type { BrokerLink } from './brokerLink.ts'
import { protocolClock } from './protocolClock.ts'

const ttlMs = 10_000
const resendMs = 1000

type Act = PersonAct
const rightOf: Record<Act['kind'], Right> = {
  hold: 'hold-points',
  release: 'hold-points',
  'release-fire': 'release-fire',
  'start-fire': 'start-fire',
  'begin-test': 'test-fire',
  'end-test': 'test-fire',
}
const needsReason: ReadonlySet<Act['kind']> = new Set<Act['kind']>(['release-fire', 'start-fire', 'begin-test'])

type Options = {
  books: BooksStore
  unit: UnitOfWork
  mirror: Mirror
  directory: Directory
  link(): BrokerLink
  wall(): number
  /** Brings a demo's clock back to real time. */
  realTime(at: number): number
  log: Log
}

/**
 * Commands on their way to an agent: on disk before they are sent, sent again with the same id until the journal
 * answers or their time is over. What became of them comes only from the journal.
 */
export const openCommands = async (o: Options) => {
  const waiting = new Map<string, { agent: string; command: Command; sentAt: number }>()

  const giveUp = (id: string) =>
    o.unit(system, async work => {
      await work.tx
        .updateTable('command')
        .set({ step: 'expired', reason: 'ttl-passed' })
        .where('id', '=', id)
        .where('step', '=', 'sent')
        .execute()
      work.touched.commands.add(id)
    })
  // Commands that were on their way when the console stopped are past their time; the journal may still tell otherwise.
  await o.books.write(tx =>
    tx.updateTable('command').set({ step: 'expired', reason: 'ttl-passed' }).where('step', '=', 'sent').execute(),
  )

  const timer = setInterval(() => {
    for (const [id, w] of waiting) {
      if (protocolClock() > w.command.issuedAt + ttlMs + 1000) {
        waiting.delete(id)
        giveUp(id).catch(error => o.log.error({ err: error }, 'a command could not be given up'))
      } else if (protocolClock() - w.sentAt >= resendMs) {
        w.sentAt = protocolClock()
        void o.link().command(w.agent, w.command)
      }
    }
  }, 250)

  const checkEnd = (until: number, longestMs: number, tooLong: 'hold-too-long' | 'test-too-long') => {
    if (!Number.isSafeInteger(until)) throw new Refusal('invalid', 'until')
    if (until <= o.wall()) throw new Refusal('end-in-the-past', 'until')
    if (until > o.wall() + longestMs) throw new Refusal(tooLong, 'until')
  }
  const check = (user: User, act: Act, reason: string) => {
    if (!mayDo(user.roles, rightOf[act.kind])) throw new Refusal('not-your-role')
    if (needsReason.has(act.kind) && reason === '') throw new Refusal('reason-required', 'reason')
    // People hold at the operator's level only; 12 and 15 are the programme's.
    if ('level' in act && act.level !== level.operator) throw new Refusal('level-not-allowed', 'level')
    if (act.kind === 'hold') checkEnd(act.until, longestHoldMs, 'hold-too-long')
    if (act.kind === 'begin-test') checkEnd(act.until, longestTestMs, 'test-too-long')
  }

  /** The point under which a command is kept: its own, or that by which a compartment's panel says that it is normal. */
  const pointOf = (act: Act): PointRef => {
    if ('point' in act) return act.point
    const compartment = o.directory.site.compartments.find(c => c.id === act.compartment)
    if (compartment) return refOf(compartment.panel, compartment.panelNormal.point)
    // Taken out of the site file while it was latched: what it still holds can be released.
    const held = o.mirror
      .holders()
      .find(h => h.array.holders.some(x => x.level === level.fire && x.causes.some(c => c.id === act.compartment)))
    if (act.kind !== 'release-fire' || !held) throw new Refusal('unknown-compartment', 'compartment')
    return held.point
  }

  type Kept = { id: string; agent: string; point: PointRef; by: Cause; act: Command['act']; userId: string | null }
  const keep = async (work: Work, { id, agent, point, by, act, userId }: Kept) => {
    await work.tx
      .insertInto('command')
      .values({
        id,
        agent,
        point,
        value_json: JSON.stringify('value' in act ? act.value : null),
        level: 'level' in act ? act.level : act.kind === 'let-pass' ? level.operator : level.fire,
        kind: act.kind,
        by_json: JSON.stringify(by.what),
        user_id: userId,
        at: work.at,
        until: 'until' in act ? act.until : act.kind === 'let-pass' ? work.at + act.seconds * 1000 : null,
        step: 'sent',
        reason: null,
        read_json: null,
        steps_json: '[]',
        causes_json: JSON.stringify([by]),
      })
      .execute()
    work.touched.commands.add(id)
  }
  const dispatch = (agent: string, id: string, by: Cause, act: Command['act']) => {
    const issuedAt = protocolClock()
    const command: Command = { id, issuedAt, ttlMs, by, act }
    waiting.set(id, { agent, command, sentAt: issuedAt })
    void o.link().command(agent, command)
  }

  return {
    /** Sends a command on behalf of a person. Returns its id; its life follows as changes. */
    async send(user: User, actor: Actor, act: Act, reason: string): Promise<string> {
      // Whoever sees a fire acts, whether or not the station is locked; to end its actions is another matter.
      if (user.locked && act.kind !== 'start-fire') throw new Refusal('locked')
      check(user, act, reason)
      if (act.kind === 'release-fire' && !actor.proven) throw new Refusal('prove-again')
      const point = pointOf(act)
      const agent = o.mirror.agentOf(splitRef(point)[0])
      if (!agent) throw new Refusal('unknown-point', 'point')
      // The actions of a fire take the seconds that they take.
      if (act.kind === 'start-fire') o.realTime(o.wall())
      const id = ulid()
      const by = {
        id: user.id,
        what: { zh: user.display + (reason ? `：${reason}` : ''), en: user.display + (reason ? `: ${reason}` : '') },
      }
      await o.unit(actor, async work => {
        await keep(work, { id, agent, point, by, act, userId: user.id })
        await audit(work.tx, work.at, actor, `command-${act.kind}`, point, { act, reason })
      })
      dispatch(agent, id, by, act)
      return id
    },
    /** Opens for somebody who may pass, with the transaction that says why. `what`: who passes. The id, under which its life is told. */
    async letPass(work: Work, what: Words, act: Omit<LetPass, 'kind'>): Promise<string> {
      const agent = o.mirror.agentOf(splitRef(act.point)[0])
      if (!agent) throw new Refusal('unknown-point', 'point')
      const id = ulid()
      const [by, whole] = [
        { id: passCause(id), what },
        { kind: 'let-pass' as const, ...act },
      ]
      await keep(work, { id, agent, point: act.point, by, act: whole, userId: accountIdOf(work.actor) })
      work.touched.learned.push(() => dispatch(agent, id, by, whole))
      return id
    },
    /** The journal has spoken: no need to send again. */
    settled(id: string) {
      waiting.delete(id)
    },
    close: () => clearInterval(timer),
  }
}
export type Commands = Awaited<ReturnType<typeof openCommands>>
