import { createServer } from 'node:net'
import modbusSerial from 'modbus-serial'
import type { Log } from '#program/log'
import type { Fault, SimDevice } from '../simDevice.ts'

// The package is CommonJS; its named exports hang on the default one.
const { ServerTCP } = modbusSerial as unknown as Pick<typeof import('modbus-serial'), 'ServerTCP'>

export type ModbusBus = { fault: Fault | undefined; close(): Promise<void> }

const modbusError = (code: number) => Object.assign(new Error(`exception ${code}`), { modbusErrorCode: code })
const illegalAddress = () => modbusError(2)
const deviceFailure = () => modbusError(4)
/** What a device in disorder answers: reserved bits set, temperatures of 327 degrees, floats that are none. */
const rubbish = 0x7ff1
const never = new Promise<never>(() => {})
const wait = (ms: number) => new Promise(done => setTimeout(done, ms))

const freePort = (host: string, port: number) =>
  new Promise<void>((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(port, host, () => probe.close(() => done()))
  })

/** A Modbus TCP bus with its units behind one port, like a gateway. Faults of a unit or of the whole bus are answered here. */
export const openModbusBus = async (o: { host: string; port: number; devices: SimDevice[]; log: Log }): Promise<ModbusBus> => {
  const byUnit = new Map(o.devices.map(d => [d.site.unit ?? 0, d]))
  const bus: { fault: Fault | undefined } = { fault: undefined }

  /** Applies the fault in force, then lets the device answer. */
  const behave = async <R>(unit: number, answer: (device: SimDevice) => R, nonsense: () => R): Promise<R> => {
    const device = byUnit.get(unit)
    const fault = bus.fault ?? device?.fault
    if (!device || fault?.kind === 'silent') return never
    if (fault?.kind === 'slow') await wait(fault.delayMs ?? 3000)
    if (fault?.kind === 'exception') throw deviceFailure()
    if (fault?.kind === 'nonsense') return nonsense()
    return answer(device)
  }
  const read = (table: 'coil' | 'discrete' | 'holding' | 'input') => (address: number, unit: number) =>
    behave(
      unit,
      device => {
        const word = device.word(table, address)
        if (word === undefined) throw illegalAddress()
        return word
      },
      () => rubbish,
    )
  // The server awaits promises for single registers but not for arrays: those need the four-argument callback form.
  type Answer = (error: Error | null, words: number[]) => void
  const readMany = (table: 'holding' | 'input') => (address: number, length: number, unit: number, done: Answer) => {
    behave(
      unit,
      device => Array.from({ length }, (_, i) => device.word(table, address + i) ?? 0),
      () => Array.from({ length }, () => rubbish),
    ).then(
      words => done(null, words),
      error => done(error, []),
    )
  }
  const readBit = (table: 'coil' | 'discrete') => (address: number, unit: number) =>
    read(table)(address, unit).then(word => word !== 0)
  const write = (table: 'coil' | 'holding', address: number, word: number, unit: number) =>
    behave(
      unit,
      device => {
        if (!device.writeWord(table, address, word)) throw illegalAddress()
      },
      () => undefined,
    )

  await freePort(o.host, o.port)
  const server = new ServerTCP(
    {
      getCoil: readBit('coil'),
      getDiscreteInput: readBit('discrete'),
      getMultipleInputRegisters: readMany('input'),
      getMultipleHoldingRegisters: readMany('holding'),
      getInputRegister: read('input'),
      getHoldingRegister: read('holding'),
      setCoil: (address: number, value: boolean, unit: number) => write('coil', address, value ? 1 : 0, unit),
      setRegister: (address: number, value: number, unit: number) => write('holding', address, value, unit),
    },
    { host: o.host, port: o.port, unitID: 255 },
  )
  server.on('socketError', error => o.log.debug({ err: error?.message }, 'modbus socket'))
  server.on('serverError', error => o.log.error({ err: error?.message, port: o.port }, 'modbus server'))
  await new Promise<void>(done => server.on('initialized', () => done()))
  return {
    get fault() {
      return bus.fault
    },
    set fault(fault) {
      bus.fault = fault
    },
    close: () =>
      new Promise(done => {
        for (const socket of server.socks.keys()) socket.destroy()
        server.close(() => done())
      }),
  }
}
