import { type Ask, dataOf, exceptionPdu, frame, readPdu } from '../harness/modbusFrames.ts'
import { type Line, tableOf } from './hostileDevice.ts'
import { addressOf } from './knownValues.ts'

/** A frame with words that were never there. */
export const lie = (line: Line, ask: Ask, o: { tid?: number; unit?: number; fc?: number } = {}) =>
  frame(o.tid ?? ask.tid, o.unit ?? ask.unit, readPdu(o.fc ?? ask.fc, line.lies(ask)))

type Size = (right: number) => number
const asIs: Size = bytes => bytes

/** A read answer whose count of bytes, or whose data, does not fit what was asked; the frame around it is whole. */
export const counted =
  (o: { count?: Size; data?: Size }) =>
  (line: Line, ask: Ask): void => {
    const right = dataOf(ask.fc, line.lies(ask))
    const data = Array.from({ length: (o.data ?? asIs)(right.length) }, (_, i) => right[i % right.length] ?? 0)
    line.say(frame(ask.tid, ask.unit, [ask.fc, (o.count ?? asIs)(right.length), ...data]))
  }

export const withLength = (length: (right: number) => number) => (line: Line, ask: Ask) => {
  const pdu = readPdu(ask.fc, line.lies(ask))
  line.say(frame(ask.tid, ask.unit, pdu, { length: length(pdu.length + 1) & 0xffff }))
}

const isAt = (ask: Ask, at: { table: string; address: number }) => tableOf(ask) === at.table && ask.address === at.address

/** Only one block of the device misbehaves. */
export const onlyAt =
  (at: { table: string; address: number }, spoilt: (line: Line, ask: Ask) => void) =>
  (line: Line, ask: Ask): void =>
    isAt(ask, at) ? spoilt(line, ask) : line.tell(ask)

export const exception = (code: number) => (line: Line, ask: Ask) => {
  line.say(frame(ask.tid, ask.unit, exceptionPdu(ask.fc, code)))
}

/** Input registers as they are but for some of them. */
export const inputs = (change: (words: number[], ask: Ask) => void) => (ask: Ask, honest: readonly number[]) => {
  const words = [...honest]
  if (tableOf(ask) === 'input') change(words, ask)
  return words
}

export const put32 = (words: number[], ask: Ask, key: string, value: number) => {
  const i = addressOf(key) - ask.address
  if (i < 0 || i + 1 >= words.length) return
  words[i] = value >>> 16
  words[i + 1] = value & 0xffff
}

export const everyRegister = (word: number) => (ask: Ask, honest: readonly number[]) =>
  tableOf(ask) === 'coil' ? [...honest] : honest.map(() => word)
