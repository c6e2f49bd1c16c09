import { createSocket } from 'node:dgram'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Selectable } from 'kysely'
import type { Log } from '#program/log'
import type { Seal } from '#store/keptSeals'
import type { BooksReader } from '../books/books.ts'
import { sealText } from '../books/chain/sealing.ts'
import type { Books } from '../books/schema.ts'

/** Facility 13, log audit; notice, or warning where somebody was refused (RFC 5424, 6.2.1). */
const notice = 13 * 8 + 5
const warning = 13 * 8 + 4
const atOnce = 200
const sendLimitMs = 5000
/** Tried again after a failure; people are told once it has lasted. */
const againMs = 10_000
const lateMs = 300_000

type Line = Selectable<Books['audit']>

const value = (text: string) => `"${text.replaceAll(/["\\\]]/g, c => `\\${c}`).replaceAll(/\p{Cc}/gu, ' ')}"`

/** A line of the audit as RFC 5424 has it. 32473 is the number that RFC 5612 gives for whoever has none of his own. */
export const syslogLine = (line: Line, n: number, host: string): string => {
  const { at, what, subject, station, user_id, detail_json } = line
  const refused = what === 'refused' || what === 'sign-in-refused'
  const about = { n: String(n), id: line.id, user: user_id ?? '-', station, what, subject, detail: detail_json }
  const data = Object.entries(about).map(([key, said]) => `${key}=${value(said)}`)
  const head = `<${refused ? warning : notice}>1 ${new Date(at).toISOString()} ${host} zhiban - audit`
  return `${head} [zhiban@32473 ${data.join(' ')}] \uFEFF${user_id ?? '-'} ${what} ${subject.replaceAll(/\p{Cc}/gu, ' ')}`
}

/** One connection for what has come together, each line with its length before it (RFC 6587, 3.4.1); closed, so that an end that is not there is noticed. */
const sendByTcp = (host: string, port: number, lines: readonly string[]) =>
  new Promise<void>((done, fail) => {
    const socket = createConnection({ host, port })
    socket.setTimeout(sendLimitMs, () => socket.destroy(new Error('it does not answer')))
    socket.once('error', fail)
    socket.once('close', failed => !failed && done())
    socket.once('connect', () => socket.end(lines.map(l => `${Buffer.byteLength(l)} ${l}`).join('')))
    socket.resume()
  })

const sendByUdp = async (host: string, port: number, lines: readonly string[]) => {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    for (const line of lines)
      await new Promise<void>((done, fail) => socket.send(line, port, host, error => (error ? fail(error) : done())))
  } finally {
    socket.close()
  }
}

/** By which port each is known (RFC 5426, RFC 6587). */
const ports = { 'tcp:': 601, 'udp:': 514 } as const

const senderOf = (target: string) => {
  const url = new URL(target)
  const scheme = url.protocol as keyof typeof ports
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || ports[scheme])
  return (lines: readonly string[]) => (scheme === 'tcp:' ? sendByTcp(host, port, lines) : sendByUdp(host, port, lines))
}

/** What the audit has written since an entry of the chain, in the order in which it was. */
const linesSince = async (db: BooksReader, after: number) => {
  const links = await db
    .selectFrom('chain')
    .select(['n', 'key', 'hash'])
    .where('kind', '=', 'audit')
    .where('n', '>', after)
    .orderBy('n')
    .limit(atOnce)
    .execute()
  const ids = links.map(l => (JSON.parse(l.key) as string[])[0] ?? '')
  const rows = ids.length === 0 ? [] : await db.selectFrom('audit').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map(r => [r.id, r]))
  return links.map(({ n, hash }, i) => ({ n, hash, row: byId.get(ids[i] ?? '') }))
}

/** Where to go on: after the entry that was sent last, or, where that is not in this chain, after the restore that took it away. */
const goOn = async (db: BooksReader, sent: string): Promise<number> => {
  const [n = '', hash = ''] = sent.split(':')
  const entry = await db.selectFrom('chain').select('hash').where('n', '=', Number(n)).executeTakeFirst()
  if (hash !== '' && entry?.hash.startsWith(hash)) return Number(n)
  const restored = db
    .selectFrom('chain')
    .select(e => e.fn.max('n').as('n'))
    .where('kind', '=', 'restored')
  return (await restored.executeTakeFirst())?.n ?? 0
}

/**
 * Sends every line of the audit to a syslog server, in order, at least once: how far it has come stands in `file`. `look` is called again
 * and again, and says whether people must be told.
 */
export const openSyslog = (o: { target: string; file: string; read: BooksReader; log: Log }) => {
  const send = senderOf(o.target)
  const host = hostname()
  let sent: number | undefined
  let failingSince: number | undefined
  let busy = false
  const remember = (last: Pick<Seal, 'n' | 'hash'>) => {
    writeFileSync(`${o.file}.new`, sealText(last), { mode: 0o600, flush: true })
    renameSync(`${o.file}.new`, o.file)
    sent = last.n
  }
  const sendAll = async () => {
    sent ??= existsSync(o.file) ? await goOn(o.read, readFileSync(o.file, 'utf8')) : 0
    for (;;) {
      const lines = await linesSince(o.read, sent)
      const last = lines.at(-1)
      if (!last) return
      await send(lines.flatMap(({ n, row }) => (row ? [syslogLine(row, n, host)] : [])))
      remember(last)
    }
  }
  const attempt = async (now: number) => {
    try {
      await sendAll()
      failingSince = undefined
    } catch (error) {
      if (failingSince === undefined) o.log.warn({ err: error, target: o.target }, 'syslog does not take the audit')
      failingSince ??= now
      await pause(againMs, undefined, { ref: false })
    }
    busy = false
  }
  return {
    look(now: number): { late: boolean } {
      if (!busy) {
        busy = true
        void attempt(now)
      }
      return { late: failingSince !== undefined && now - failingSince > lateMs }
    },
  }
}
