import { Counter, type Registry } from 'prom-client'
import { say } from '#api/words/text'
import type { Log } from '#program/log'
import { storeFailed } from '#store/openStore'
import { noteOwnEvent } from '../agents/alarms/consoleAlarms.ts'
import type { Reactions } from '../agents/reactions.ts'
import { system } from '../books/audit.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'

type Parts = { unit: UnitOfWork; reactions: Reactions; log: Log; metrics: Registry }

/** Bugs that cost somebody an answer: logged and counted each, one alarm for all of them until it is acknowledged. */
export const openBugs = (p: Parts) => {
  const counter = new Counter({
    name: 'zhiban_console_bugs_total',
    help: 'Requests and events of screens that failed by a bug',
    labelNames: ['where'],
    registers: [p.metrics],
  })
  let unwritten = false
  let closed = false
  return {
    note(error: unknown, where: 'request' | 'screen', what: string) {
      // Who asks while the program ends has nobody left to be answered by.
      if (closed) return
      if (storeFailed(error))
        return p.log.warn({ err: error, what }, `a ${where} could not be served: the books are out of reach`)
      p.log.error({ err: error, what }, `bug: a ${where} failed`)
      counter.inc({ where })
      unwritten = true
    },
    /** Called once a second; what cannot be written now is written later. */
    async writeDown() {
      if (!unwritten) return
      const name = say.desk.programBug
      await p.unit(system, work => noteOwnEvent(work, p.reactions, { key: 'console/bug', level: 4, name }))
      unwritten = false
    },
    close() {
      closed = true
    },
  }
}
export type Bugs = ReturnType<typeof openBugs>
