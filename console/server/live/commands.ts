import { ulid } from 'ulid'
import type { User } from '#api/models/people'
import { mayDo } from '#api/rights'
import type { Command } from '#contract/messages'
import { refOf, splitRef } from '#contract/names'
import { level } from '#contract/priority'
import { ApiError } from '#program/httpApi'
import type { Log } from '#program/log'
import { type Actor, audit, system } from '../books/audit.ts'
import type { BooksStore } from '../books/books.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Directory } from '../cases/directory.ts'
import type { BrokerLink } from './brokerLink.ts'
import type { Mirror } from './mirror.ts'

const ttlMs = 10_000
const resendMs = 1000
const longestHoldMs = 7 * 86_400_000

type Options = {
  books: BooksStore
  unit: UnitOfWork
  mirror: Mirror
  directory: Directory
  link(): BrokerLink
  wall(): number
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
      if (Date.now() > w.command.issuedAt + ttlMs + 1000) {
        waiting.delete(id)
        giveUp(id).catch(error => o.log.error({ err: error }, 'a command could not be given up'))
      } else if (Date.now() - w.sentAt >= resendMs) {
        w.sentAt = Date.now()
        void o.link().command(w.agent, w.command)
      }
    }
  }, 250)

  const check = (user: User, act: Command['act']) => {
    if (!mayDo(user.roles, act.kind === 'release-fire' ? 'release-fire' : 'hold-points')) throw new ApiError(403, 'not-your-role')
    if (act.kind === 'release-fire') return
    // People hold at the operator's level only; 12 and 15 are the programme's.
    if (act.level !== level.operator) throw new ApiError(400, 'level-not-allowed', 'level')
    if (act.kind !== 'hold') return
    if (!Number.isSafeInteger(act.until)) throw new ApiError(400, 'invalid', 'until')
    if (act.until <= o.wall()) throw new ApiError(400, 'end-in-the-past', 'until')
    if (act.until > o.wall() + longestHoldMs) throw new ApiError(400, 'hold-too-long', 'until')
  }

  return {
    /** Sends a command on behalf of a person. Returns its id; its life follows as changes. */
    async send(user: User, actor: Actor, act: Command['act'], reason: string): Promise<string> {
      check(user, act)
      const compartment =
        act.kind === 'release-fire' ? o.directory.site.compartments.find(c => c.id === act.compartment) : undefined
      if (act.kind === 'release-fire' && !compartment) throw new ApiError(404, 'unknown-compartment', 'compartment')
      const point =
        act.kind === 'release-fire' ? refOf(compartment?.panel ?? '', compartment?.panelNormal.point ?? '') : act.point
      const agent = o.mirror.agentOf(splitRef(point)[0])
      if (!agent) throw new ApiError(404, 'unknown-point', 'point')
      const id = ulid()
      const by = {
        id: user.id,
        what: { zh: user.display + (reason ? `：${reason}` : ''), en: user.display + (reason ? `: ${reason}` : '') },
      }
      await o.unit(actor, async work => {
        await work.tx
          .insertInto('command')
          .values({
            id,
            agent,
            point,
            value_json: JSON.stringify(act.kind === 'hold' ? act.value : null),
            level: act.kind === 'release-fire' ? level.fire : act.level,
            kind: act.kind,
            by_zh: by.what.zh,
            by_en: by.what.en,
            user_id: user.id,
            at: work.at,
            until: act.kind === 'hold' ? act.until : null,
            step: 'sent',
            reason: null,
            read_json: null,
            steps_json: '[]',
            causes_json: JSON.stringify([by]),
          })
          .execute()
        await audit(work.tx, work.at, actor, `command-${act.kind}`, point, { act, reason })
        work.touched.commands.add(id)
      })
      const command: Command = { id, issuedAt: Date.now(), ttlMs, by, act }
      waiting.set(id, { agent, command, sentAt: Date.now() })
      void o.link().command(agent, command)
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
