import { names, type WireFault } from './faultNames.ts'
import { addressOf, alarmWord, secondBlock } from './knownValues.ts'
import { counted, everyRegister, exception, inputs, onlyAt, put32 } from './spoiltAnswers.ts'

/** What can only be told from several readings may take this long to be named. */
const slowToJudgeMs = 20_000
const nan = 0x7fc0_0000
const sameEverywhere = 0x0002
const knownAndUnknownBit = 0x0021

/** A number that only ever went up goes down, read after read; the true one is a little higher when it is over. */
const fallingCounter = () => {
  let fallen = 0
  return inputs((words, ask) => {
    const i = addressOf('energy') - ask.address
    if (i < 0 || i + 1 >= words.length) return
    fallen += 50
    put32(words, ask, 'energy', (words[i] ?? 0) * 0x1_0000 + (words[i + 1] ?? 0) - fallen)
  })
}

const stoppedClock = () => {
  const stopped = Math.floor(Date.now() / 1000)
  return inputs((words, ask) => put32(words, ask, 'clock', stopped))
}

const oneBlock = (name: string, at: { table: string; address: number }, answer: Parameters<typeof onlyAt>[1]): WireFault => ({
  name,
  reads: [names.part],
  answer: onlyAt(at, answer),
})

/** Whole frames that answer the question and cannot be true, or that leave part of the device out. Made anew for each run. */
export const contentFaults = (): WireFault[] => [
  { ...oneBlock('exception 4 on one block', secondBlock, exception(4)), beside: true },
  oneBlock('exception 2 on one block', secondBlock, exception(2)),
  oneBlock('exception 4 on the alarm word', alarmWord, exception(4)),
  oneBlock('silence on one block', secondBlock, () => {}),
  oneBlock('byte count too small on one block', secondBlock, counted({ count: n => n - 2 })),
  {
    name: 'all words 0xFFFF',
    reads: [names.suspect, names.part],
    limitMs: slowToJudgeMs,
    words: everyRegister(0xffff),
  },
  {
    name: 'all words the same number',
    reads: [names.suspect],
    beside: true,
    limitMs: slowToJudgeMs,
    words: everyRegister(sameEverywhere),
  },
  {
    name: 'no number (NaN) in a float',
    reads: [names.part, names.gap],
    words: inputs((words, ask) => put32(words, ask, 'pressure', nan)),
  },
  { name: 'a counter that runs backwards', reads: [names.suspect], limitMs: slowToJudgeMs, words: fallingCounter() },
  { name: 'a clock that stands still', reads: [names.suspect], limitMs: slowToJudgeMs, words: stoppedClock() },
  {
    name: 'an unknown bit beside a known one',
    reads: [names.bits],
    raises: true,
    words: inputs((words, ask) => {
      const i = addressOf('b0') - ask.address
      if (i >= 0 && i < words.length) words[i] = knownAndUnknownBit
    }),
  },
]
