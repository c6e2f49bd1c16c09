import { type Ask, exceptionPdu, frame } from '../harness/modbusFrames.ts'
import { names, type WireFault } from './faultNames.ts'
import type { Line } from './hostileDevice.ts'
import { counted, exception, lie } from './spoiltAnswers.ts'

/** Far from any id that is in flight. */
const foreignTid = 0x4000
/** One register less, or one byte where there is only one register or a few bits. */
const oneLess = (bytes: number) => (bytes > 2 ? bytes - 2 : bytes - 1)
const oneMore = (bytes: number) => bytes + 2

const busyNowAndThen = () => {
  let asked = 0
  return (line: Line, ask: Ask) => (++asked % 5 === 0 ? exception(6)(line, ask) : line.tell(ask))
}

/** Answers that are whole frames but not to this question, or not an answer to any. */
export const frameFaults: WireFault[] = [
  ...[1, 2, 3, 4, 5, 6, 10, 11].map(
    (code): WireFault => ({
      name: `exception ${code} on all reads`,
      reads: [names.exception(code)],
      ...(code === 2 || code === 11 ? { beside: true } : {}),
      answer: exception(code),
    }),
  ),
  { name: 'exception 6 now and then', reads: [names.good], answer: busyNowAndThen() },
  {
    name: 'exception of another unit',
    reads: [names.unit],
    beside: true,
    answer: (line, ask) => void line.say(frame(ask.tid, ask.unit + 1, exceptionPdu(ask.fc, 4))),
  },
  { name: 'wrong unit', reads: [names.unit], beside: true, answer: (l, a) => void l.say(lie(l, a, { unit: a.unit + 1 })) },
  {
    name: 'wrong function code',
    reads: [names.fc],
    beside: true,
    answer: (l, a) => void l.say(lie(l, a, { fc: a.fc === 3 ? 4 : 3 })),
  },
  {
    name: 'short PDU',
    reads: [names.length],
    answer: counted({ data: n => n - 1 }),
  },
  {
    name: 'long PDU',
    reads: [names.length],
    answer: counted({ data: n => n + 3 }),
  },
  { name: 'function code only', reads: [names.length], beside: true, answer: (l, a) => void l.say(frame(a.tid, a.unit, [a.fc])) },
  // All the data is there and only its count lies: a reader that goes by the count takes what it says.
  { name: 'byte count 0', reads: [names.length], answer: counted({ count: () => 0 }) },
  { name: 'byte count too small', reads: [names.length], beside: true, answer: counted({ count: oneLess }) },
  { name: 'byte count too big', reads: [names.length], beside: true, answer: counted({ count: oneMore }) },
  { name: 'byte count 255', reads: [names.length], answer: counted({ count: () => 255 }) },
  { name: 'no registers', reads: [names.length], answer: counted({ count: () => 0, data: () => 0 }) },
  { name: 'fewer registers than asked', reads: [names.length], answer: counted({ count: oneLess, data: oneLess }) },
  { name: 'more registers than asked', reads: [names.length], answer: counted({ count: oneMore, data: oneMore }) },
  {
    name: 'protocol id 1',
    reads: [names.garbage],
    answer: (line, ask) => line.tell(ask, b => Buffer.concat([b.subarray(0, 2), Buffer.from([0, 1]), b.subarray(4)])),
  },
  {
    name: 'wrong transaction id',
    reads: [names.transaction],
    beside: true,
    // Every try takes its whole deadline, which is long after answers that came late.
    limitMs: 25_000,
    answer: (l, a) => void l.say(lie(l, a, { tid: a.tid + 7 })),
  },
  // An answer under an older number is just what a late one looks like.
  {
    name: 'old transaction id',
    reads: [names.transaction, names.late],
    answer: (l, a) => void l.say(lie(l, a, { tid: a.tid - 1 })),
  },
  {
    name: 'every answer twice',
    reads: [names.good],
    beside: true,
    answer(line, ask) {
      line.tell(ask)
      line.say(lie(line, ask))
    },
  },
  {
    name: 'every answer a hundred times',
    reads: [names.good],
    beside: true,
    answer(line, ask) {
      line.tell(ask)
      for (let i = 0; i < 99; i++) line.say(lie(line, ask))
    },
  },
  {
    name: 'frames that nobody asked for',
    reads: [names.good],
    answer(line, ask) {
      for (let i = 1; i <= 5; i++) line.say(lie(line, ask, { tid: ask.tid + foreignTid + i }))
      line.tell(ask)
    },
  },
  {
    name: 'answers in reversed order',
    reads: [names.good],
    answer(line, ask) {
      line.tell(ask)
      line.say(lie(line, ask, { tid: ask.tid - 1 }))
    },
  },
]
