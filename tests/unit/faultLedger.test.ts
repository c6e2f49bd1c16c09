import { expect, it } from 'vitest'
import { falseWords, Ledger, trueWords } from '../campaigns/knownValues.ts'

const now = Date.now()
const noted = (words: readonly number[]) => {
  const ledger = new Ledger()
  ledger.note('h', 'input', 10, words, now)
  return ledger
}

it('the ledger of the fault campaign knows a value that was served from one that was not, was another point’s, or is too old', () => {
  const words = trueWords(1, 'input', 10, 3, now)
  const [flow = 0, , level = 0] = words
  const ledger = noted(words)
  expect(ledger.allows('h', 'flow', flow, now + 5, now)).toBe(true)
  expect(ledger.allows('h', 'flow', flow + 1, now + 5, now)).toBe(false)
  expect(ledger.allows('h', 'flow', level, now + 5, now)).toBe(false)
  expect(ledger.allows('n', 'flow', flow, now + 5, now)).toBe(false)
  expect(ledger.allows('h', 'flow', flow, now + 3000, now + 3000)).toBe(false)
  expect(ledger.allows('h', 'flow', flow, now - 500, now)).toBe(false)
})

it('false words differ at every point from what is true, and words that mean nothing allow no value', () => {
  const words = trueWords(1, 'input', 10, 3, now)
  for (const [i, word] of falseWords('input', 10, words).entries()) expect(word).not.toBe(words[i])
  expect(falseWords('input', 0, [0x0002])).toEqual([0x0001])
  const ledger = new Ledger()
  ledger.note('h', 'input', 0, [0xffff], now)
  for (const v of [true, false]) expect(ledger.allows('h', 'b0', v, now, now)).toBe(false)
  ledger.note('h', 'input', 0, [0x0021], now)
  expect(ledger.allows('h', 'b0', true, now, now)).toBe(true)
})
