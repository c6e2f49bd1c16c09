import modbusSerial from 'modbus-serial'
import type { Register } from '#contract/profile'

export type DriverFault = 'timeout' | 'refused' | 'closed' | 'exception' | 'malformed'
export class DriverError extends Error {
  readonly kind: DriverFault
  constructor(kind: DriverFault, message: string) {
    super(message)
    this.kind = kind
  }
}

const ModbusRTU = modbusSerial as unknown as typeof import('modbus-serial').default
type Client = InstanceType<typeof ModbusRTU>

const withDeadline = <R>(work: Promise<R>, ms: number): Promise<R> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new DriverError('timeout', `no answer in ${ms} ms`)), ms)
  })
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const asDriverError = (error: unknown): DriverError => {
  if (error instanceof DriverError) return error
  const e = error as { modbusCode?: number; name?: string; errno?: string; message?: string }
  const text = e.message ?? String(error)
  if (typeof e.modbusCode === 'number') return new DriverError('exception', text)
  if (/timed out/i.test(text) || e.name === 'TransactionTimedOutError') return new DriverError('timeout', text)
  if (/not open|ECONNRESET|EPIPE|closed/i.test(text)) return new DriverError('closed', text)
  return new DriverError('malformed', text)
}

/**
 * One Modbus TCP connection through modbus-serial, with the guards of faults.md §4: the caller keeps one request in
 * flight; every answer has our own deadline, its length and echo are checked, and after `drop` nothing of the old
 * connection is waited for. FC 43 is never used.
 */
export class ModbusDriver {
  readonly #host: string
  readonly #port: number
  #client: Client | undefined

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  get connected() {
    return this.#client?.isOpen === true
  }

  async connect(deadlineMs: number): Promise<void> {
    this.drop()
    const client = new ModbusRTU()
    client.on('error', () => {})
    client.on('close', () => {
      if (this.#client === client) this.#client = undefined
    })
    client.setTimeout(deadlineMs)
    try {
      await withDeadline(client.connectTCP(this.#host, { port: this.#port }), deadlineMs)
    } catch (error) {
      discard(client)
      throw new DriverError('refused', (error as Error).message)
    }
    this.#client = client
  }

  async read(unit: number, table: Register['table'], address: number, length: number, deadlineMs: number): Promise<number[]> {
    const client = this.#use(unit, deadlineMs)
    const call = {
      coil: () => client.readCoils(address, length),
      discrete: () => client.readDiscreteInputs(address, length),
      holding: () => client.readHoldingRegisters(address, length),
      input: () => client.readInputRegisters(address, length),
    }[table]
    try {
      const { data } = await withDeadline<{ data: (number | boolean)[] }>(call(), deadlineMs + 50)
      const bits = table === 'coil' || table === 'discrete'
      // Bits come in whole bytes; registers must be exactly as many as were asked for.
      if (bits ? data.length !== Math.ceil(length / 8) * 8 : data.length !== length)
        throw new DriverError('malformed', `asked for ${length}, got ${data.length}`)
      return bits ? data.slice(0, length).map(Number) : (data as number[])
    } catch (error) {
      throw asDriverError(error)
    }
  }

  async write(unit: number, table: 'coil' | 'holding', address: number, word: number, deadlineMs: number): Promise<void> {
    const client = this.#use(unit, deadlineMs)
    try {
      const echo =
        table === 'coil'
          ? await withDeadline(client.writeCoil(address, word !== 0), deadlineMs + 50)
          : await withDeadline(client.writeRegister(address, word), deadlineMs + 50)
      const same = 'state' in echo ? Boolean(echo.state) === (word !== 0) : echo.value === word
      if (echo.address !== address || !same) throw new DriverError('malformed', 'the echo is of another write')
    } catch (error) {
      throw asDriverError(error)
    }
  }

  /** Forgets the connection at once; close() of the library may never settle, so nobody waits for it. */
  drop() {
    const client = this.#client
    this.#client = undefined
    if (client) discard(client)
  }

  #use(unit: number, deadlineMs: number): Client {
    if (!this.#client?.isOpen) throw new DriverError('closed', 'not connected')
    this.#client.setID(unit)
    this.#client.setTimeout(deadlineMs)
    return this.#client
  }
}

const discard = (client: Client) => {
  try {
    client.destroy(() => {})
  } catch {
    // a port that was never opened cannot be destroyed, which is what we wanted
  }
}
