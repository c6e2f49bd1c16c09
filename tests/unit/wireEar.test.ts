import { expect, it } from 'vitest'
import { WireEar } from '../../edge-agent/field/modbus/wireEar.ts'
import { frame } from '../harness/modbusFrames.ts'

const read = (tid: number) => ({ tid, unit: 1, fn: 3, bytes: 2, at: 0 })
const answer = (tid: number, unit = 1) => frame(tid, unit, [3, 2, 0, 7])

it('what comes behind an answer in the same breath says nothing about that answer', () => {
  const late: number[] = []
  const ear = new WireEar(unit => late.push(unit))
  ear.asked(read(1))
  ear.bytes(answer(1), 5)
  ear.settled()
  ear.asked(read(2))
  ear.bytes(Buffer.concat([answer(2), answer(1), answer(2, 9), frame(77, 1, [0x83, 2])]), 10)
  expect(ear.complaint).toBeUndefined()
  expect(late).toEqual([])
})

it('a foreign transaction before the answer is named until the answer comes', () => {
  const ear = new WireEar(() => {})
  ear.asked(read(2))
  ear.bytes(answer(77), 5)
  expect(ear.complaint?.reason).toBe('wrong-transaction')
  ear.bytes(answer(2), 6)
  expect(ear.complaint).toBeUndefined()
})

it('the answer of a request that was given up is told as late, by its unit', () => {
  const late: [number, number][] = []
  const ear = new WireEar((unit, ms) => late.push([unit, ms]))
  ear.asked(read(1))
  ear.settled()
  ear.asked(read(2))
  ear.bytes(answer(1), 900)
  expect(late).toEqual([[1, 900]])
  expect(ear.verdict.reason).toBe('no-answer')
})
