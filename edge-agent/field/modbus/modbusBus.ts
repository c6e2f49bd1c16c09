import type { Profile } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import type { Device } from '#contract/site'
import type { Log } from '#program/log'
import { monotonicMs } from '#program/wallClock'
import { type Block, planBlocks, splitBlock } from '../../polling/blocks.ts'
import { type Turn, Turns } from '../../polling/turns.ts'
import { decodePoint, encodeWrite, type Reading } from '../../registers/decode.ts'
import type { Fault, FieldBus, FieldEvents, Part, Written } from '../fieldBus.ts'
import { type DriverError, ModbusDriver } from './modbusDriver.ts'

const writeDeadlineMs = 500
const connectDeadlineMs = 1500
const reconnectPauseMs = 1000
const figuresEveryMs = 500
/** A connection on which nobody answers any more is made anew; one on which nobody has yet, when the latest answer could have come. */
const fallenSilentMs = 3000
const neverHeardMs = 8000
/** The device has no such register, or does not give so many at once (Modbus application protocol V1.1b3, 7). */
const notAllOfIt: readonly (number | null)[] = [2, 3]

type Write = { device: Device; point: string; value: Scalar; done(how: Written): void }

/** Whether a unit said something, though not what was asked: it lives. */
const answeredBadly = ({ reason }: Fault) =>
  reason === 'exception' || reason === 'wrong-length' || reason === 'wrong-function' || reason === 'wrong-transaction'

const parts = new WeakMap<Block, Part>()
const partOf = (block: Block): Part => {
  const part = parts.get(block) ?? { id: `${block.table}-${block.address}`, keys: block.points.map(p => p.key) }
  parts.set(block, part)
  return part
}

/** The worker of one Modbus TCP bus: one request in flight, writes before reads, otherwise whose turn it is. */
export const openModbusFieldBus = (o: {
  id: string
  host: string
  port: number
  devices: readonly { device: Device; profile: Profile }[]
  /** Where its beats lie against those of other buses, 0 to 1. */
  offset: number
  events: FieldEvents
  log: Log
}): FieldBus => {
  const byId = new Map(o.devices.map(d => [d.device.id, d]))
  const turns = new Turns(new Map(o.devices.map(d => [d.device.id, planBlocks(d.profile)])), monotonicMs(), o.offset)
  const lastFault = new Map<string, Fault>()
  const onLate = (unit: number, ms: number) => {
    const late = o.devices.find(d => d.device.unit === unit)?.device.id
    if (late) turns.heardLate(late, ms, monotonicMs())
  }
  const driver = new ModbusDriver(o.host, o.port, onLate)
  const writes: Write[] = []
  let closed = false
  let wake: () => void = () => {}
  let firstAnswer = true
  let connectedAt = monotonicMs()
  let answeredAt = -Infinity
  let figuresDue = 0

  const pause = (ms: number) =>
    new Promise<void>(done => {
      const timer = setTimeout(done, ms)
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })

  const busLost = (fault: Fault) => {
    o.events.onBus(o.id, fault)
    for (const { device } of o.devices) o.events.onLink(device.id, { reason: 'bus-lost', code: null })
  }

  /** What most of the units have in common. */
  const commonFault = (): Fault => {
    const faults = [...lastFault.values()]
    const count = (f: Fault) => faults.filter(x => x.reason === f.reason && x.code === f.code).length
    return faults.toSorted((a, b) => count(b) - count(a))[0] ?? { reason: 'no-answer', code: null }
  }

  const connect = async () => {
    try {
      await driver.connect(connectDeadlineMs)
      connectedAt = monotonicMs()
      return true
    } catch (error) {
      if (turns.loseBus(monotonicMs())) busLost((error as DriverError).fault)
      await pause(reconnectPauseMs)
      return false
    }
  }

  const succeeded = (turn: Turn, tookMs: number) => {
    answeredAt = monotonicMs()
    const back = turns.answered(turn.unit, turn.block, monotonicMs(), tookMs)
    lastFault.delete(turn.unit)
    if (back.bus || firstAnswer) o.events.onBus(o.id, null)
    firstAnswer = false
    // After a lost bus a unit is good again only when it has answered itself; the dead among them are named anew.
    for (const id of back.stillLost) o.events.onLink(id, lastFault.get(id) ?? { reason: 'no-answer', code: null })
    o.events.onLink(turn.unit, null)
    if (back.block) o.events.onPart(turn.unit, partOf(turn.block), null)
  }

  const failed = (device: string, block: Block | undefined, heard: Fault, costMs: number) => {
    o.events.onError(device)
    const now = monotonicMs()
    const fault: Fault = heard.reason === 'no-answer' && turns.isLate(device, now) ? { reason: 'late', code: null } : heard
    const before = lastFault.get(device)
    lastFault.set(device, fault)
    if (block && fault.reason === 'exception' && notAllOfIt.includes(fault.code)) {
      const halves = splitBlock(block)
      if (halves) return turns.split(device, block, halves, now)
    }
    const loss = turns.failed(device, block, now, { answered: answeredBadly(fault), costMs })
    // A stream out of step never finds its frames again; one that is silent is left alone while anybody answers on it.
    const silentMs = answeredAt > connectedAt ? fallenSilentMs : neverHeardMs
    const silent = turns.nobodyAnswers && now - Math.max(answeredAt, connectedAt) > silentMs
    if (driver.connected && (!driver.inStep || silent)) driver.drop()
    // What is lost may turn out to be lost for another reason.
    const otherwise = turns.isLost(device) && (before?.reason !== fault.reason || before.code !== fault.code)
    if (loss === 'unit' || otherwise) o.events.onLink(device, fault)
    if (loss === 'bus') busLost(commonFault())
    if (loss === 'block' && block) o.events.onPart(device, partOf(block), fault)
  }

  const read = async (turn: Turn) => {
    const found = byId.get(turn.unit)
    if (!found) return
    const { table, address, length, points } = turn.block
    const begun = monotonicMs()
    let words: number[]
    try {
      words = await driver.read(found.device.unit ?? 0, table, address, length, turn.deadlineMs)
    } catch (error) {
      return failed(turn.unit, turn.block, (error as DriverError).fault, monotonicMs() - begun)
    }
    succeeded(turn, monotonicMs() - begun)
    // The answer was whole, but what follows it is not Modbus: the next one would be lost in it.
    if (!driver.inStep) driver.drop()
    const readings = new Map<string, Reading>()
    for (const p of points) {
      const point = found.profile.points.get(p.key)
      if (point) readings.set(p.key, decodePoint(point, words.slice(p.offset, p.offset + p.words), p.definedBits))
    }
    const inRegisters = table === 'holding' || table === 'input'
    o.events.onExchange(turn.unit, { readings, part: partOf(turn.block), ...(inRegisters ? { words } : {}) })
  }

  const write = async (w: Write): Promise<Written> => {
    const register = byId.get(w.device.id)?.profile.points.get(w.point)?.register
    if (!register || register.table === 'discrete' || register.table === 'input') return 'refused'
    const word = encodeWrite(register, w.value)
    if (word === undefined) return 'unfit'
    const begun = monotonicMs()
    try {
      await driver.write(w.device.unit ?? 0, register.table, register.address, word, writeDeadlineMs)
      return 'taken'
    } catch (error) {
      const { fault } = error as DriverError
      // A refusal is an answer: the link is good, only the write was not taken.
      if (fault.reason === 'exception') {
        o.events.onError(w.device.id)
        return 'refused'
      }
      failed(w.device.id, undefined, fault, monotonicMs() - begun)
      return 'no-answer'
    }
  }

  const loop = async () => {
    while (!closed) {
      if (monotonicMs() >= figuresDue) {
        figuresDue = monotonicMs() + figuresEveryMs
        o.events.onFigures(o.id, turns.figures(monotonicMs()))
      }
      if (!driver.connected && !(await connect())) {
        for (const w of writes.splice(0)) w.done('link-lost')
        continue
      }
      const order = writes.shift()
      if (order) {
        order.done(await write(order))
        continue
      }
      const turn = turns.next(monotonicMs())
      if ('waitMs' in turn) await pause(Math.min(turn.waitMs, figuresEveryMs))
      else await read(turn)
    }
  }
  const running = loop().catch(error => o.log.fatal({ err: error, bus: o.id }, 'bug: the bus worker ended'))

  return {
    write: (deviceId, point, value) =>
      new Promise(done => {
        const found = byId.get(deviceId)
        if (!found || closed) return done('link-lost')
        writes.push({ device: found.device, point, value, done })
        wake()
      }),
    async close() {
      closed = true
      wake()
      driver.drop()
      await running
    },
  }
}
