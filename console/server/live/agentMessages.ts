import { Counter, type Registry } from 'prom-client'
import { both } from '#api/words/both'
import type { Decoded } from '#contract/decode'
import type { Log } from '#program/log'
import { system } from '../books/audit.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import type { Emergencies } from '../cases/emergencies.ts'
import { noteOver, noteStanding } from '../ingest/alarmBook.ts'
import type { openJournalBook } from '../ingest/journalBook.ts'
import { noteOwnEvent } from '../ingest/ownAlarms.ts'
import type { ProgrammeBook } from '../programme/programmeBook.ts'
import type { BrokerLink } from './brokerLink.ts'
import type { Mirror } from './mirror.ts'
import type { StandingPages } from './standingPages.ts'

type Parts = {
  unit: UnitOfWork
  emergencies: Emergencies
  journal: ReturnType<typeof openJournalBook>
  mirror: Mirror
  programme: ProgrammeBook
  link(): BrokerLink
  /** What each agent's list of standing alarms says now. */
  standing(agent: string): StandingPages
  wall(): number
  log: Log
  metrics: Registry
}

/** The alarm of a record that raises one; whether the record is sound is for the books to say. */
const raisedIn = (body: unknown): string | undefined => {
  const record = body as { type?: unknown; alarm?: { id?: unknown } | null } | null
  const id = record?.type === 'alarm-raised' ? record.alarm?.id : undefined
  return typeof id === 'string' ? id : undefined
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
        if (m.body.online) p.standing(agent).onSession(m.body.session)
        return
      case 'links':
        return p.mirror.onLinks(agent, m.body)
      case 'catalogue':
        return p.mirror.onCatalogue(agent, m.body)
      case 'state':
      case 'change':
        return p.mirror.onDevice(agent, m.body, m.kind === 'state')
      case 'holders':
        return p.mirror.onHolders(agent, m.body)
      case 'standing': {
        const news = p.standing(agent).take(m.body)
        if (!news) return
        return inOrder('standing alarms', () =>
          p.unit(system, async work => {
            await noteStanding(work, p.emergencies, agent, news.stand)
            if (news.isOver) await noteOver(work, p.emergencies, agent, news.isOver)
            for (const id of news.marked) work.touched.alarms.add(id)
          }),
        )
      }
      case 'journal':
        records.inc(m.body.records.length)
        for (const { body } of m.body.records) {
          const raised = raisedIn(body)
          if (raised) p.standing(agent).onRaised(raised)
        }
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
        // What it has declined it would decline again, and again report an older revision.
        if (m.body.revision < p.programme.current.revision && m.body.declined?.revision !== p.programme.current.revision)
          sendProgramme(agent)
        return
      default:
        return
    }
  }
}
