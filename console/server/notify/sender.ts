import { say, textIn } from '#api/words/text'
import type { Log } from '#program/log'
import { storeFailed } from '#store/openStore'
import { system } from '../books/audit.ts'
import type { BooksReader } from '../books/books.ts'
import type { UnitOfWork } from '../books/unitOfWork.ts'
import { textOf } from '../books/words.ts'
import { type Batch, batchesNow } from '../domain/sending.ts'
import type { Channel, Outgoing } from './channel.ts'
import { type DeliveryRow, noteAnswer, noteSent, takeUpAgain, waitingFor } from './deliveries.ts'

type Parts = {
  read: BooksReader
  unit: UnitOfWork
  channels: ReadonlyMap<string, Channel>
  /** What stands before every message: whose building it is. */
  site: string
  /** Where people reach this console from outside; undefined: no message carries a link. */
  publicUrl: string | undefined
  wall(): number
  log: Log
}
type Row = DeliveryRow & { madeAt: number }

/** So many stand in a message that sums up others. */
const mostListed = 8

/** A message in both languages, for nobody knows who reads it at night. */
const messageOf = (site: string, { level, all }: Batch<Row>, link: string | null): Outgoing => {
  const texts = all.map(r => textOf(r.text_json))
  const [first = ''] = texts
  const of = (language: 'zh' | 'en') =>
    texts.length === 1
      ? textIn(language, first)
      : [
          textIn(language, say.calls.summary(texts.length)),
          ...texts.slice(0, mostListed).map(t => `· ${textIn(language, t)}`),
          ...(texts.length > mostListed ? [textIn(language, say.calls.andMore(texts.length - mostListed))] : []),
        ].join('\n')
  const subject = `[${site}] ${textIn('zh', say.level(level))} ${texts.length === 1 ? textIn('zh', first) : textIn('zh', say.calls.summary(texts.length))}`
  return { id: all[0]?.id ?? '', subject: subject.slice(0, 180), text: `${of('zh')}\n\n${of('en')}`, level, link }
}

/**
 * Sends what waits, each channel for itself: one that is slow or dead holds up no other. A message is on the disk as on its way before it goes, and what
 * became of it after; a crash in between sends it once more, under the same id.
 */
export const openSender = async (p: Parts) => {
  await p.unit(system, work => takeUpAgain(work))
  const busy = new Map<string, Promise<void>>()
  let closing = false

  const sendBatch = async (channel: Channel, looked: Batch<Row>, at: number) => {
    const { token, going } = await p.unit(system, work => noteSent(work, looked.all, at))
    const batch = { ...looked, all: looked.all.filter(r => going.has(r.id)) }
    const [first] = batch.all
    if (!first) return
    // Only to a person himself: in a group nobody could say who has answered.
    const mine = channel.personal && first.case_id !== null
    const link =
      p.publicUrl === undefined || first.case_id === null
        ? null
        : new URL(mine ? `/on-call/${token}` : `/emergency/${first.case_id}`, p.publicUrl).href
    const to = { address: first.address, mention: JSON.parse(first.mention_json) as string[] }
    const answer = await channel.send(messageOf(p.site, batch, link), to)
    if (answer.is !== 'accepted') p.log.warn({ channel: channel.id, why: answer.why }, 'a message was not taken')
    await p.unit(system, work => noteAnswer(work, batch.all, answer))
  }
  const drain = async (channel: Channel) => {
    const now = p.wall()
    const { waiting, sent } = await waitingFor(p.read, channel.id, now)
    const rows = waiting.map(r => ({ ...r, madeAt: r.made_at }))
    // Each with a time of its own, by which it counts as one of its minute.
    for (const [i, batch] of batchesNow(rows, sent, channel.perMinute).entries()) {
      if (closing) return
      await sendBatch(channel, batch, now + i)
    }
  }
  return {
    /** Looked for every second. */
    async step() {
      for (const channel of p.channels.values()) {
        if (busy.has(channel.id) || closing) continue
        const underway = drain(channel)
          .catch(error => {
            if (!storeFailed(error)) p.log.error({ err: error, channel: channel.id }, 'bug: a channel could not be served')
          })
          .finally(() => busy.delete(channel.id))
        busy.set(channel.id, underway)
      }
    },
    /** Resolves when nothing is on its way. */
    settled: () => Promise.all(busy.values()),
    /** What is on its way may end; nothing else begins. */
    async close() {
      closing = true
      await Promise.all(busy.values())
    },
  }
}
