import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { type Ask, exceptionPdu, frame, parseAsks, readPdu } from './modbusFrames.ts'

type Table = 'coil' | 'discrete' | 'holding' | 'input'
const tables: Record<number, Table> = { 1: 'coil', 2: 'discrete', 3: 'holding', 4: 'input', 5: 'coil', 6: 'holding' }

/** One unit behind the gateway: its words, and in what way it fails. */
export class Unit {
  readonly words = new Map<string, number>()
  /** Answers nothing. */
  silent = false
  /** Takes a write, but its answer is lost. */
  swallowsEcho = false
  delayMs = 0
  /** Reads that touch one of these answer an exception. */
  refused: { table: Table; from: number; to: number; code: number }[] = []
  /** What it answers whatever is asked. */
  everywhere: number | undefined
  /** When each read was answered, by its first address. */
  readonly reads: { at: number; table: Table; address: number }[] = []
  readonly writes: { at: number; table: Table; address: number; word: number }[] = []

  set(table: Table, address: number, ...words: number[]) {
    words.forEach((w, i) => {
      this.words.set(`${table}:${address + i}`, w)
    })
    return this
  }

  get(table: Table, address: number): number {
    return this.words.get(`${table}:${address}`) ?? 0
  }
}

/** A Modbus TCP gateway of our own on a real socket, with as many units as a test needs. Zeros where nothing was set. */
export class Gateway {
  readonly units = new Map<number, Unit>()
  port = 0
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()

  unit(id: number): Unit {
    const found = this.units.get(id) ?? new Unit()
    this.units.set(id, found)
    return found
  }

  async listen(): Promise<this> {
    const server = createServer({ noDelay: true }, socket => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
      let rest: Buffer = Buffer.alloc(0)
      socket.on('data', data => {
        const parsed = parseAsks(Buffer.concat([rest, data]))
        rest = parsed.rest
        for (const ask of parsed.asks) this.#answer(socket, ask)
      })
    })
    this.#server = server
    await new Promise<void>(done => server.listen(this.port, '127.0.0.1', () => done()))
    this.port = (server.address() as AddressInfo).port
    return this
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(done => this.#server?.close(done))
  }

  #answer(socket: Socket, ask: Ask) {
    const unit = this.units.get(ask.unit)
    if (!unit || unit.silent) return
    const table = tables[ask.fc]
    const say = (pdu: readonly number[]) => socket.writable && socket.write(frame(ask.tid, ask.unit, pdu))
    if (!table) return void say(exceptionPdu(ask.fc, 1))
    if (ask.fc >= 5) {
      const word = ask.fc === 5 ? Number(ask.count !== 0) : ask.count
      unit.set(table, ask.address, word)
      unit.writes.push({ at: performance.now(), table, address: ask.address, word })
      if (!unit.swallowsEcho) say([ask.fc, ask.address >> 8, ask.address & 255, ask.count >> 8, ask.count & 255])
      return
    }
    const refusal = unit.refused.find(r => r.table === table && r.from < ask.address + ask.count && r.to >= ask.address)
    if (refusal) return void say(exceptionPdu(ask.fc, refusal.code))
    const tell = () => {
      unit.reads.push({ at: performance.now(), table, address: ask.address })
      const words = Array.from({ length: ask.count }, (_, i) => unit.everywhere ?? unit.get(table, ask.address + i))
      say(readPdu(ask.fc, words))
    }
    if (unit.delayMs > 0) setTimeout(tell, unit.delayMs)
    else tell()
  }
}
