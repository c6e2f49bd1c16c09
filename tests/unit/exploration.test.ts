import { expect, it, vi } from 'vitest'
import { scenes } from '../explore/scenes.ts'
import { explore, tellFound } from '../explore/search.ts'

/** Ids are for people and the books: counted up they cost nothing, and the same events always lead to the same state. */
vi.mock('ulid', () => {
  let n = 0
  const ulid = () => `01${String(n++).padStart(24, '0')}`
  return { ulid, monotonicFactory: () => ulid }
})

it('every order of a small set of events, killed after every commit, keeps what design §4 promises', () => {
  const began = performance.now()
  const all = scenes.map(scene => explore(scene))
  const sum = (of: 'states' | 'transitions') => all.reduce((n, f) => n + f[of], 0)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  for (const f of all) process.stdout.write(`${tellFound(f)}\n`)
  process.stdout.write(`explored: ${sum('states')} states, ${sum('transitions')} transitions in ${seconds} s\n`)
  for (const f of all) expect(f.violation, tellFound(f)).toBeUndefined()
  expect(sum('states')).toBeGreaterThanOrEqual(100_000)
}, 300_000)
