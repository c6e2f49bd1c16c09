import { createServer, type Server, type Socket } from 'node:net'
import { type Ask, frame, parseAsks, readPdu } from '../harness/modbusFrames.ts'
import { falseWords, type Ledger, type Table, trueWords } from './knownValues.ts'

/** How a device misbehaves. What is left out it does as it should. */
export type Behaviour = {
  /** Nobody listens on its port. */
  refuses?: true
  /** It accepts connections and never reads from them. */
  deaf?: true
  onConnect?(line: Line): void
  answer?(line: Line, ask: Ask): void
  /** Other words in well-formed answers: they count as served, for the device does say them. */
  words?(ask: Ask, honest: readonly number[]): number[]
}

const tables: Record<number, Table> = { 1: 'coil', 3: 'holding', 4: 'input' }
export const tableOf = (ask: Ask): Table | undefined => tables[ask.fc]

/** One connection as a misbehaviour sees it. */
export class Line {
  readonly #socket: Socket
  readonly #device: HostileDevice
  readonly #begun: Behaviour

  constructor(socket: Socket, device: HostileDevice) {
    this.#socket = socket
    this.#device = device
    this.#begun = device.behaviour
  }

  get open() {
    return this.#socket.writable
  }

  /** The device still misbehaves as it did when this connection began. */
  get same() {
    return this.#device.behaviour === this.#begun
  }

  /** Bytes that are no answer. True when there is room for more. */
  say(bytes: Buffer | string): boolean {
    return this.open && this.#socket.write(bytes)
  }

  /** The right answer, in the ledger as served; `shape` spoils what is around it. */
  tell(ask: Ask, shape: (right: Buffer) => Buffer = b => b) {
    if (this.open) this.say(shape(this.#device.answerTo(ask)))
  }

  /** The right answer, but slowly; it is served with its last byte. */
  drip(ask: Ask, msPerByte: number) {
    const bytes = this.#device.answerTo(ask, false)
    const drop = (i: number) => {
      if (!this.open) return
      if (i === bytes.length - 1) this.#device.noteServed(ask, bytes)
      this.say(bytes.subarray(i, i + 1))
      if (i + 1 < bytes.length) setTimeout(() => drop(i + 1), msPerByte)
    }
    drop(0)
  }

  /** Words for an answer that must not be believed: whoever believes it shows numbers that were never there. */
  lies(ask: Ask): number[] {
    const table = tableOf(ask) ?? 'input'
    return falseWords(table, ask.address, trueWords(ask.unit, table, ask.address, ask.count, Date.now()))
  }

  later(ms: number, act: () => void) {
    setTimeout(() => {
      if (this.open) act()
    }, ms)
  }

  finish() {
    this.#socket.end()
  }

  close() {
    this.#socket.end()
    this.#socket.destroySoon()
  }

  reset() {
    this.#socket.resetAndDestroy()
  }
}

/** A Modbus TCP port with one or two units; unit 1 does as it is told, whatever that is, unit 2 stays well. */
export class HostileDevice {
  readonly #port: number
  readonly #names: ReadonlyMap<number, string>
  readonly #ledger: Ledger
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #behaviour: Behaviour = {}

  get behaviour() {
    return this.#behaviour
  }

  constructor(port: number, names: ReadonlyMap<number, string>, ledger: Ledger) {
    this.#port = port
    this.#names = names
    this.#ledger = ledger
  }

  async put(behaviour: Behaviour) {
    this.#behaviour = behaviour
    for (const socket of this.#sockets)
      if (behaviour.deaf) socket.pause()
      else socket.resume()
    if (behaviour.refuses) await this.close()
    else if (!this.#server) await this.#listen()
  }

  /** The right answer, noted as served unless its last byte is still to be sent. */
  answerTo(ask: Ask, sentAtOnce = true): Buffer {
    const table = tableOf(ask)
    if (!table) return frame(ask.tid, ask.unit, [ask.fc | 0x80, 1])
    const honest = trueWords(ask.unit, table, ask.address, ask.count, Date.now())
    const words = (ask.unit === 1 && this.#behaviour.words?.(ask, honest)) || honest
    if (sentAtOnce) this.#ledger.note(this.#names.get(ask.unit) ?? '', table, ask.address, words)
    return frame(ask.tid, ask.unit, readPdu(ask.fc, words))
  }

  noteServed(ask: Ask, bytes: Buffer) {
    const table = tableOf(ask)
    if (!table) return
    const words = Array.from({ length: ask.count }, (_, i) =>
      table === 'coil' ? (bytes.readUInt8(9 + Math.floor(i / 8)) >> (i % 8)) & 1 : bytes.readUInt16BE(9 + 2 * i),
    )
    this.#ledger.note(this.#names.get(ask.unit) ?? '', table, ask.address, words)
  }

  async close() {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>(done => (server ? server.close(() => done()) : done()))
  }

  #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, socket => this.#accept(socket))
    this.#server = server
    return new Promise((done, fail) => {
      server.once('error', fail)
      server.listen(this.#port, '127.0.0.1', done)
    })
  }

  #accept(socket: Socket) {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    const line = new Line(socket, this)
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', data => {
      const parsed = parseAsks(Buffer.concat([rest, data]))
      rest = parsed.rest
      for (const ask of parsed.asks) this.#answer(line, ask)
    })
    if (this.#behaviour.deaf) socket.pause()
    this.#behaviour.onConnect?.(line)
  }

  #answer(line: Line, ask: Ask) {
    if (!this.#names.has(ask.unit)) return
    if (ask.unit === 1 && this.#behaviour.answer) this.#behaviour.answer(line, ask)
    else line.tell(ask)
  }
}
