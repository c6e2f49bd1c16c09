import { Counter, type Registry } from 'prom-client'
import { both } from '#api/words/both'
import type { Decoded } from '#contract/decode'
import type { Log } from '#program/log'
import { system } from '../books/audit.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Emergencies } from '../cases/emergencies.ts'
import { reconcileStanding } from '../ingest/alarmBook.ts'
import type { openJournalBook } from '../ingest/journalBook.ts'
import { noteOwnEvent } from '../ingest/ownAlarms.ts'
import type { ProgrammeBook } from '../programme/programmeBook.ts'
import type { BrokerLink } from './brokerLink.ts'
import type { Mirror } from './mirror.ts'

type Parts = {
  unit: UnitOfWork
  emergencies: Emergencies
  journal: ReturnType<typeof openJournalBook>
  mirror: Mirror
  programme: ProgrammeBook
  link(): BrokerLink
  /** Alarms that stand now, by id, for what only the agent knows (unverified since). */
  standing: Map<string, Map<string, { unverifiedSince: number | null }>>
  wall(): number
  log: Log
  metrics: Registry
}

/**
 * What each message of an agent leads to. Values go straight to the mirror; whatever ends in the books goes through
 * one queue, in the order in which it came.
 */
export const onAgentMessages = (p: Parts) => {
  const records = new Counter({
    name: 'zhiban_console_journal_records_total',
    help: 'Journal records received',
    registers: [p.metrics],
  })
  let queue: Promise<unknown> = Promise.resolve()
  const inOrder = (what: string, work: () => Promise<unknown>) => {
    queue = queue.then(work).catch(error => p.log.error({ err: error }, `${what} could not be stored; it will be sent again`))
  }
  const sendProgramme = (agent: string) => void p.link().programme(agent, p.programme.current)

  return (agent: string, m: Decoded) => {
    if (!m.ok) return
    switch (m.kind) {
      case 'status':
        p.mirror.onStatus(agent, m.body, p.wall())
        return
      case 'catalogue':
        return p.mirror.onCatalogue(agent, m.body)
      case 'state':
      case 'change':
        return p.mirror.onDevice(agent, m.body, m.kind === 'state')
      case 'holders':
        return p.mirror.onHolders(agent, m.body)
      case 'standing': {
        const { alarms } = m.body
        const before = p.standing.get(agent)
        p.standing.set(agent, new Map(alarms.map(a => [a.id, { unverifiedSince: a.unverifiedSince }])))
        return inOrder('standing alarms', () =>
          p.unit(system, async work => {
            await reconcileStanding(work, p.emergencies, agent, alarms)
            for (const a of alarms) if (before?.get(a.id)?.unverifiedSince !== a.unverifiedSince) work.touched.alarms.add(a.id)
          }),
        )
      }
      case 'journal':
        records.inc(m.body.records.length)
        return inOrder('journal', async () => {
          const upTo = await p.journal.ingest(agent, m.body).catch(error => {
            p.log.error({ err: error }, 'a batch of the journal could not be stored; one record at a time')
            return p.journal.ingestSingly(agent, m.body)
          })
          p.mirror.setJournalN(agent, upTo)
          await p.link().ack(agent, { journalId: m.body.journalId, upTo })
        })
      case 'programmeReport':
        p.mirror.onProgrammeReport(agent, m.body)
        if (m.body.revision > p.programme.current.revision)
          return inOrder('programme', async () => {
            await p.programme.renew(m.body.revision)
            const name = both(t => t.desk.booksOlder)
            await p.unit(system, work => noteOwnEvent(work, p.emergencies, { key: 'books/older', level: 2, name }))
            sendProgramme(agent)
          })
        if (m.body.revision < p.programme.current.revision) sendProgramme(agent)
        return
      default:
        return
    }
  }
}
