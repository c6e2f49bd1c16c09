import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { audit, system } from '../../console/server/books/audit.ts'
import { type BooksStore, openBooks } from '../../console/server/books/books.ts'
import { sealNote } from '../../console/server/books/chain/sealing.ts'
import { openSyslog } from '../../console/server/export/syslog.ts'
import { until } from '../harness/wait.ts'

let folder: string
let books: BooksStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiban-syslog-'))
  books = await openBooks(join(folder, 'books.db'))
})
afterEach(async () => {
  await books.close()
  rmSync(folder, { recursive: true, force: true })
})

const log = pino({ level: 'silent' })
const write = (subject: string, what: 'print' | 'refused' = 'print') =>
  books.write(tx => audit(tx, Date.parse('2026-11-29T03:00:00Z'), { ...system, station: '10.0.0.7' }, what, subject, { copy: 1 }))
const open = (target: string) => openSyslog({ target, file: join(folder, 'sent'), read: books.read, log })

/** What a syslog server makes of a stream: each line after its length (RFC 6587). */
const linesOf = (stream: Buffer): string[] => {
  const lines: string[] = []
  for (let at = 0; at < stream.length; ) {
    const space = stream.indexOf(' ', at)
    const length = Number(stream.subarray(at, space).toString())
    lines.push(stream.subarray(space + 1, space + 1 + length).toString())
    at = space + 1 + length
  }
  return lines
}
const collector = async (port = 0): Promise<{ server: Server; port: number; lines(): string[] }> => {
  const parts: Buffer[] = []
  const server = createServer(socket => {
    socket.on('data', part => parts.push(part))
    socket.on('error', () => {})
  })
  await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  return { server, port: (server.address() as AddressInfo).port, lines: () => linesOf(Buffer.concat(parts)) }
}
const closed = (server: Server) => new Promise(done => server.close(done))
const subjects = (lines: string[]) => lines.map(l => /subject="((?:[^"\\]|\\.)*)"/.exec(l)?.[1])

it('every line of the audit goes out once, in order, as RFC 5424 has it, and a restart goes on where it was', async () => {
  const first = await collector()
  for (let i = 0; i < 450; i++) await write(`a${i}`)
  const syslog = open(`tcp://127.0.0.1:${first.port}`)
  await until('all of it', () => {
    syslog.look(0)
    return first.lines().length === 450 && Number(readFileSync(join(folder, 'sent'), 'utf8').split(':')[0]) > 450
  })
  expect(subjects(first.lines())).toEqual(Array.from({ length: 450 }, (_, i) => `a${i}`))
  expect(first.lines()[0]).toMatch(
    /^<109>1 2026-11-29T03:00:00\.000Z \S+ zhiban - audit \[zhiban@32473 n="\d+" id="\w+" user="-" station="10\.0\.0\.7" what="print"/,
  )
  await write('值班 "q" ]\n', 'refused')
  const again = open(`tcp://127.0.0.1:${first.port}`)
  await until('the new one', () => {
    again.look(0)
    return first.lines().length > 450
  })
  expect(first.lines()).toHaveLength(451)
  expect(first.lines()[450]).toMatch(
    /^<108>1 .*subject="值班 \\"q\\" \\\] " detail="\{\\"copy\\":1\}"\] \uFEFF- refused 值班 "q" \] $/,
  )
  await closed(first.server)
})

it('a server that is away loses nothing, and people are told after five minutes', async () => {
  const gone = await collector()
  await closed(gone.server)
  const syslog = open(`tcp://127.0.0.1:${gone.port}`)
  await write('kept')
  await until('it to be known', () => syslog.look(1000).late === false && syslog.look(1000 + 400_000).late)
  const back = await collector(gone.port)
  const other = open(`tcp://127.0.0.1:${gone.port}`)
  await until('it', () => {
    other.look(0)
    return back.lines().length > 0
  })
  expect(subjects(back.lines())).toEqual(['kept'])
  await closed(back.server)
})

it('after a restore it goes on with what came after it', async () => {
  const server = await collector()
  await write('before')
  writeFileSync(join(folder, 'sent'), '9999:0123456789abcdef')
  await books.write(tx => sealNote(tx, 'restored', '["backup"]'))
  await write('after')
  const syslog = open(`tcp://127.0.0.1:${server.port}`)
  await until('it', () => {
    syslog.look(0)
    return server.lines().length > 0
  })
  expect(subjects(server.lines())).toEqual(['after'])
  await closed(server.server)
})

it('by UDP each line is a packet of its own', async () => {
  const packets: string[] = []
  const socket = createSocket('udp4', packet => packets.push(packet.toString()))
  await new Promise<void>(done => socket.bind(0, '127.0.0.1', done))
  await write('a')
  await write('b')
  const syslog = open(`udp://127.0.0.1:${socket.address().port}`)
  await until('both', () => {
    syslog.look(0)
    return packets.length === 2
  })
  expect(subjects(packets)).toEqual(['a', 'b'])
  socket.close()
})
