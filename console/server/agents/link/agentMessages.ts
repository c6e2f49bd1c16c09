import { Counter, type Registry } from 'prom-client'
import { say } from '#api/words/text'
import type { AlarmFact } from '#contract/alarm'
import type { Decoded } from '#contract/decode'
import { journalBody } from '#contract/journal'
import type { Bodies } from '#contract/messages'
import type { Log } from '#program/log'
import { storeFailed } from '#store/openStore'
import { system } from '../../books/audit.ts'
import type { WatchedBooks } from '../../books/booksWatch.ts'
import type { UnitOfWork } from '../../books/unitOfWork.ts'
import type { Mirror } from '../../mirror/mirror.ts'
import type { StandingPages } from '../../mirror/standingPages.ts'
import { noteOver, noteStanding } from '../alarms/alarmBook.ts'
import { noteOwnEvent } from '../alarms/consoleAlarms.ts'
import type { Heard, Unrecorded } from '../alarms/unrecorded.ts'
import type { openJournalBook } from '../journal/journalBook.ts'
import type { ProgrammeBook } from '../programme/programmeBook.ts'
import type { Reactions } from '../reactions.ts'
import type { BrokerLink } from './brokerLink.ts'

type Parts = {
  books: Pick<WatchedBooks, 'trouble'>
  unit: UnitOfWork
  reactions: Reactions
  journal: ReturnType<typeof openJournalBook>
  mirror: Mirror
  programme: ProgrammeBook
  link(): BrokerLink
  unrecorded: Unrecorded
  /** What each agent's list of standing alarms says now. */
  standing(agent: string): StandingPages
  wall(): number
  log: Log
  metrics: Registry
}

/** What the sound records of a batch say of alarms. */
const alarmsIn = (source: string, records: Bodies['journal']['records']): Heard => {
  const heard = { source, raised: [] as AlarmFact[], returned: [] as { id: string; at: number }[] }
  for (const { body } of records) {
    const type = (body as { type?: unknown } | null)?.type
    if (type !== 'alarm-raised' && type !== 'alarm-returned') continue
    const { data } = journalBody.safeParse(body)
    if (data?.type === 'alarm-raised') heard.raised.push(data.alarm)
    if (data?.type === 'alarm-returned') heard.returned.push({ id: data.id, at: data.at })
  }
  return heard
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
  /** Into the books; what does not get there, or not in time, is on the screens meanwhile. */
  const intoBooks = (what: string, heard: Heard, work: () => Promise<unknown>) => {
    const underway = p.unrecorded.underway(heard)
    // Nothing piles up: agents send their journals again, and what stands is brought in from memory.
    if (p.books.trouble) return underway.failed()
    inOrder(what, () =>
      work().then(
        () => underway.stored(),
        error => {
          underway.failed()
          throw error
        },
      ),
    )
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
      case 'suppressed':
        return p.mirror.onSuppressed(agent, m.body)
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
        const heard = { source: agent, raised: news.stand, returned: [], isOver: news.isOver, marked: news.marked }
        return intoBooks('standing alarms', heard, () =>
          p.unit(system, async work => {
            // What is over first: a condition that stands again is a repeat of it.
            if (news.isOver) await noteOver(work, p.reactions, agent, news.isOver)
            await noteStanding(work, p.reactions, agent, news)
            for (const id of news.marked) work.touched.alarms.add(id)
          }),
        )
      }
      case 'journal': {
        records.inc(m.body.records.length)
        const heard = alarmsIn(agent, m.body.records)
        p.standing(agent).onJournal(m.body.journalId, m.body.records.at(-1)?.n ?? 0)
        return intoBooks('journal', heard, async () => {
          const upTo = await p.journal.ingest(agent, m.body).catch(error => {
            if (storeFailed(error)) throw error
            p.log.error({ err: error }, 'a batch of the journal could not be stored; one record at a time')
            return p.journal.ingestSingly(agent, m.body)
          })
          p.mirror.setJournalN(agent, upTo)
          await p.link().ack(agent, { journalId: m.body.journalId, upTo })
        })
      }
      case 'programmeReport':
        p.mirror.onProgrammeReport(agent, m.body)
        if (m.body.revision > p.programme.current.revision)
          return inOrder('programme', async () => {
            await p.programme.renew(m.body.revision)
            const name = say.desk.booksOlder
            await p.unit(system, work => noteOwnEvent(work, p.reactions, { key: 'books/older', level: 2, name }))
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
