import type { Profile } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import type { Device } from '#contract/site'
import type { Log } from '#program/log'
import { monotonicMs } from '#program/wallClock'
import { type Block, planBlocks } from '../polling/blocks.ts'
import { type Turn, Turns } from '../polling/turns.ts'
import { decodePoint, encodeWrite, type Reading } from '../registers/decode.ts'
import type { FieldBus, FieldEvents } from './fieldBus.ts'
import { type DriverError, ModbusDriver } from './modbusDriver.ts'

const deadlineMs = 500
const connectDeadlineMs = 1500
const timeoutsBeforeReconnect = 2

type Write = { device: Device; point: string; value: Scalar; done(ok: boolean): void }

/** The worker of one Modbus TCP bus: one request in flight, writes before reads, otherwise whose turn it is. */
export const openModbusFieldBus = (o: {
  id: string
  host: string
  port: number
  devices: readonly { device: Device; profile: Profile }[]
  events: FieldEvents
  log: Log
}): FieldBus => {
  const driver = new ModbusDriver(o.host, o.port)
  const byId = new Map(o.devices.map(d => [d.device.id, d]))
  const turns = new Turns(new Map(o.devices.map(d => [d.device.id, planBlocks(d.profile)])), monotonicMs())
  const writes: Write[] = []
  let closed = false
  let wake: () => void = () => {}
  let inARow = 0
  let firstAnswer = true

  const pause = (ms: number) =>
    new Promise<void>(done => {
      const timer = setTimeout(done, ms)
      wake = () => {
        clearTimeout(timer)
        done()
      }
    })

  const busLost = () => {
    o.events.onBus(o.id, true)
    for (const { device } of o.devices) o.events.onLink(device.id, 'bus-lost')
  }

  const connect = async () => {
    try {
      await driver.connect(connectDeadlineMs)
      inARow = 0
      return true
    } catch {
      if (turns.loseBus(monotonicMs())) busLost()
      await pause(1000)
      return false
    }
  }

  const succeeded = (turn: Turn) => {
    inARow = 0
    const back = turns.answered(turn.unit, turn.block, monotonicMs())
    if (back.bus || firstAnswer) o.events.onBus(o.id, false)
    firstAnswer = false
    // After a lost bus a unit is good again only when it has answered itself; the dead among them are named anew.
    for (const id of back.stillLost) o.events.onLink(id, 'no-answer')
  }

  const failed = (device: string, block: Block | undefined, error: DriverError) => {
    o.events.onError(device)
    inARow = error.kind === 'timeout' ? inARow + 1 : 0
    // TCP never resynchronises after rubbish (faults.md §0.4): start over rather than hope.
    if (error.kind === 'malformed' || error.kind === 'closed' || inARow >= timeoutsBeforeReconnect) driver.drop()
    const loss = turns.failed(device, block, monotonicMs())
    if (loss === 'no-answer') o.events.onLink(device, error.kind === 'exception' ? 'refused' : 'no-answer')
    if (loss === 'bus-lost') busLost()
    if (loss === 'block-lost' && block)
      o.events.onUnreadable(
        device,
        block.points.map(p => p.key),
      )
  }

  const read = async (turn: Turn) => {
    const found = byId.get(turn.unit)
    if (!found) return
    const { table, address, length, points } = turn.block
    let words: number[]
    try {
      words = await driver.read(found.device.unit ?? 0, table, address, length, deadlineMs)
    } catch (error) {
      return failed(turn.unit, turn.block, error as DriverError)
    }
    succeeded(turn)
    o.events.onLink(turn.unit, null)
    const readings = new Map<string, Reading>()
    for (const p of points) {
      const point = found.profile.points.get(p.key)
      if (point) readings.set(p.key, decodePoint(point, words.slice(p.offset, p.offset + p.words), p.definedBits))
    }
    o.events.onReadings(turn.unit, readings)
  }

  const write = async (w: Write) => {
    const register = byId.get(w.device.id)?.profile.points.get(w.point)?.register
    if (!register || register.table === 'discrete' || register.table === 'input') return w.done(false)
    try {
      await driver.write(w.device.unit ?? 0, register.table, register.address, encodeWrite(register, w.value), deadlineMs)
      w.done(true)
    } catch (error) {
      w.done(false)
      // A refusal is an answer: the link is good, only the write was not taken.
      if ((error as DriverError).kind === 'exception') return o.events.onError(w.device.id)
      failed(w.device.id, undefined, error as DriverError)
    }
  }

  const loop = async () => {
    while (!closed) {
      if (!driver.connected && !(await connect())) {
        for (const w of writes.splice(0)) w.done(false)
        continue
      }
      const order = writes.shift()
      if (order) {
        await write(order)
        continue
      }
      const turn = turns.next(monotonicMs())
      if ('waitMs' in turn) await pause(turn.waitMs)
      else await read(turn)
    }
  }
  const running = loop().catch(error => o.log.fatal({ err: error, bus: o.id }, 'bug: the bus worker ended'))

  return {
    write: (deviceId, point, value) =>
      new Promise(done => {
        const found = byId.get(deviceId)
        if (!found || closed) return done(false)
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
