import { names, type WireFault } from './faultNames.ts'
import { lie, withLength } from './spoiltAnswers.ts'

const html = '<html><body><h1>Bad Request</h1></body></html>'
const httpAnswer = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: ${html.length}\r\nConnection: close\r\n\r\n${html}`
const slowAnswerMs = 2500
const muchTooLateMs = 5000

/** Bytes that are no frames. */
export const byteFaults = (below: (n: number) => number): WireFault[] => {
  const random = (n: number) => Buffer.from(Array.from({ length: n }, () => below(256)))
  const flood = random(4096)
  return [
    {
      name: 'a stray byte before each answer',
      reads: [names.garbage],
      beside: true,
      answer: (line, ask) => line.tell(ask, b => Buffer.concat([Buffer.from([0xa5]), b])),
    },
    { name: 'garbage instead of answers', reads: [names.garbage], answer: line => void line.say(random(20 + below(40))) },
    { name: 'zeros instead of answers', reads: [names.garbage], answer: line => void line.say(Buffer.alloc(40)) },
    { name: 'an HTTP answer', reads: [names.http], answer: line => void line.say(httpAnswer) },
    {
      name: 'an HTTP answer, then closed',
      reads: [names.http],
      answer(line) {
        line.say(httpAnswer)
        line.close()
      },
    },
    { name: 'MBAP length 0', reads: [names.garbage], answer: withLength(() => 0) },
    { name: 'MBAP length 1', reads: [names.garbage, names.length], answer: withLength(() => 1) },
    { name: 'MBAP length 2 too small', reads: [names.garbage, names.length], answer: withLength(n => n - 2) },
    { name: 'MBAP length 2 too big', reads: [names.garbage, names.length], answer: withLength(n => n + 2) },
    { name: 'MBAP length 0xFFFF', reads: [names.garbage], answer: withLength(() => 0xffff) },
    {
      name: 'stalls in mid-frame',
      reads: [names.garbage],
      beside: true,
      answer: (line, ask) => void line.say(lie(line, ask).subarray(0, 9)),
    },
    {
      name: 'garbage after each answer',
      reads: [names.garbage, names.good],
      adapts: true,
      answer: (line, ask) => line.tell(ask, b => Buffer.concat([b, random(3)])),
    },
    {
      name: 'a flood of random bytes',
      reads: [names.garbage],
      onConnect(line) {
        // No faster than the reader takes it, or the flood would fill this process.
        const pour = () => {
          if (line.same) line.later(line.say(flood) ? 10 : 100, pour)
        }
        pour()
      },
      answer() {},
    },
  ]
}

export const timeFaults: WireFault[] = [
  { name: 'a byte every 20 ms', reads: [names.good], adapts: true, answer: (line, ask) => line.drip(ask, 20) },
  { name: 'answers after 400 ms', reads: [names.good], beside: true, answer: (l, a) => l.later(400, () => l.tell(a)) },
  {
    name: 'answers after 2.5 s',
    reads: [names.good],
    adapts: true,
    limitMs: 25_000,
    answer: (line, ask) => line.later(slowAnswerMs, () => line.tell(ask)),
  },
  {
    name: 'answers after 5 s',
    reads: [names.late],
    limitMs: 25_000,
    answer: (line, ask) => line.later(muchTooLateMs, () => line.tell(ask)),
  },
  { name: 'never answers', reads: [names.silent], beside: true, answer() {} },
]

export const connectionFaults: WireFault[] = [
  { name: 'closes when asked', reads: [names.closed], beside: true, answer: line => line.close() },
  { name: 'resets when asked', reads: [names.closed], answer: line => line.reset() },
  {
    name: 'closes in mid-frame',
    reads: [names.closed],
    answer(line, ask) {
      line.say(lie(line, ask).subarray(0, 9))
      line.close()
    },
  },
  {
    name: 'resets in mid-frame',
    reads: [names.closed],
    answer(line, ask) {
      line.say(lie(line, ask).subarray(0, 9))
      line.later(20, () => line.reset())
    },
  },
  { name: 'half-closes when asked', reads: [names.closed], answer: line => line.finish() },
  { name: 'refuses connections', reads: [names.refused], refuses: true },
  { name: 'accepts and closes at once', reads: [names.closed], onConnect: line => line.close(), answer: line => line.close() },
  { name: 'accepts and does not read', reads: [names.silent], deaf: true },
]
