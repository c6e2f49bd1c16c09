import { Socket } from 'node:net'
import modbusSerial from 'modbus-serial'
import type { Register } from '#contract/profile'
import { monotonicMs } from '#program/wallClock'
import type { Fault } from '../fieldBus.ts'
import { WireEar } from './wireEar.ts'

/** Why a request came to nothing: what is wrong on the wire, and the exception code where the device answered with one. */
export class DriverError extends Error {
  readonly fault: Fault
  constructor(reason: Fault['reason'], code: number | null = null) {
    super(code === null ? reason : `${reason} ${code}`)
    this.fault = { reason, code }
  }
}

const ModbusRTU = modbusSerial as unknown as typeof import('modbus-serial').default
type Client = InstanceType<typeof ModbusRTU>
type Open = { client: Client; socket: Socket; ear: WireEar; nextTid: number }

const readFunctions = { coil: 1, discrete: 2, holding: 3, input: 4 } as const
const writeFunctions = { coil: 5, holding: 6 } as const
const isBits = (table: Register['table']) => table === 'coil' || table === 'discrete'

const withDeadline = <R>(work: Promise<R>, ms: number, late: () => Error): Promise<R> => {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_, fail) => {
    // A process that was stalled finds its timers before its sockets: what waits there is heard first.
    timer = setTimeout(() => setImmediate(() => fail(late())), ms)
  })
  work.catch(() => {})
  return Promise.race([work, overdue]).finally(() => clearTimeout(timer))
}

/**
 * One Modbus TCP connection through modbus-serial, with the guards of faults.md §4: the caller keeps one request in
 * flight; every answer has our own deadline, its unit, length and echo are checked, and after `drop` nothing of the old
 * connection is waited for. FC 43 is never used.
 */
export class ModbusDriver {
  readonly #host: string
  readonly #port: number
  readonly #onLate: (unit: number, ms: number) => void
  #open: Open | undefined

  constructor(host: string, port: number, onLate: (unit: number, ms: number) => void) {
    this.#host = host
    this.#port = port
    this.#onLate = onLate
  }

  get connected() {
    return this.#open?.client.isOpen === true
  }

  /** False when the stream has lost its frames and only a new connection helps. */
  get inStep() {
    return this.#open?.ear.inStep === true
  }

  async connect(deadlineMs: number): Promise<void> {
    this.drop()
    const socket = new Socket()
    socket.setNoDelay()
    const ear = new WireEar(this.#onLate)
    const opened = new Promise<void>((done, fail) => {
      socket.once('connect', done)
      socket.once('error', error =>
        fail(new DriverError((error as { code?: string }).code === 'ECONNREFUSED' ? 'refused' : 'no-answer')),
      )
      socket.once('close', () => fail(new DriverError('closed')))
    })
    socket.connect(this.#port, this.#host)
    const client = new ModbusRTU()
    try {
      await withDeadline(opened, deadlineMs, () => new DriverError('no-answer'))
      socket.on('data', chunk => ear.bytes(chunk, monotonicMs()))
      client.on('error', () => {})
      await withDeadline(client.linkTCP(socket, { port: this.#port }), deadlineMs, () => new DriverError('no-answer'))
    } catch (error) {
      socket.destroy()
      throw error instanceof DriverError ? error : new DriverError('closed')
    }
    this.#open = { client, socket, ear, nextTid: 1 }
  }

  async read(unit: number, table: Register['table'], address: number, length: number, deadlineMs: number): Promise<number[]> {
    const bytes = isBits(table) ? Math.ceil(length / 8) : length * 2
    const open = this.#ask(unit, readFunctions[table], bytes, deadlineMs)
    const { client } = open
    const call = {
      coil: () => client.readCoils(address, length),
      discrete: () => client.readDiscreteInputs(address, length),
      holding: () => client.readHoldingRegisters(address, length),
      input: () => client.readInputRegisters(address, length),
    }[table]
    const { data } = await this.#answer<{ data: (number | boolean)[] }>(open, call, deadlineMs)
    // Bits come in whole bytes; registers must be exactly as many as were asked for.
    if (isBits(table) ? data.length !== bytes * 8 : data.length !== length) throw new DriverError('wrong-length')
    return isBits(table) ? data.slice(0, length).map(Number) : (data as number[])
  }

  async write(unit: number, table: 'coil' | 'holding', address: number, word: number, deadlineMs: number): Promise<void> {
    const open = this.#ask(unit, writeFunctions[table], undefined, deadlineMs)
    const { client } = open
    type Echo = { address: number; state?: boolean | number; value?: number }
    const call = (): Promise<Echo> =>
      table === 'coil' ? client.writeCoil(address, word !== 0) : client.writeRegister(address, word)
    const echo = await this.#answer<Echo>(open, call, deadlineMs)
    const same = 'state' in echo ? Boolean(echo.state) === (word !== 0) : echo.value === word
    if (echo.address !== address || !same) throw new DriverError('garbage')
  }

  /** Forgets the connection at once; close() of the library may never settle, so nobody waits for it. */
  drop() {
    this.#open?.socket.destroy()
    this.#open = undefined
  }

  #ask(unit: number, fn: number, bytes: number | undefined, deadlineMs: number): Open {
    const open = this.#open
    if (!open?.client.isOpen) throw new DriverError('closed')
    open.client.setID(unit)
    open.client.setTimeout(deadlineMs + 1000)
    open.ear.asked({ tid: open.nextTid, unit, fn, bytes, at: monotonicMs() })
    // As the library counts them on a connection of its own: from 1, modulo 256.
    open.nextTid = (open.nextTid + 1) % 256
    return open
  }

  /** The answer, if it is one to what was asked; otherwise what was heard instead. */
  async #answer<R>({ ear, socket }: Open, call: () => Promise<R>, deadlineMs: number): Promise<R> {
    let gone = () => {}
    const closed = new Promise<never>((_, fail) => {
      gone = () => fail(new DriverError('closed'))
      socket.once('close', gone)
    })
    closed.catch(() => {})
    try {
      const answer = await withDeadline(Promise.race([call(), closed]), deadlineMs, () => {
        const { reason, code } = ear.verdict
        return new DriverError(reason, code)
      })
      if (ear.complaint) throw new DriverError(ear.complaint.reason, ear.complaint.code)
      return answer
    } catch (error) {
      if (ear.complaint) throw new DriverError(ear.complaint.reason, ear.complaint.code)
      if (error instanceof DriverError) throw error
      throw new DriverError(socket.destroyed ? 'closed' : ear.verdict.reason === 'no-answer' ? 'garbage' : ear.verdict.reason)
    } finally {
      socket.removeListener('close', gone)
      ear.settled()
    }
  }
}
