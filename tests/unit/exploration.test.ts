import { expect, it, vi } from 'vitest'
import { afterExchange } from '../../edge-agent/intake.ts'
import { explored } from '../explore/agent.ts'
import { scenes } from '../explore/scenes.ts'
import { explore, tellFound } from '../explore/search.ts'
import { walk } from '../explore/walk.ts'

/** Ids are for people and the books: counted up they cost nothing, and the same events always lead to the same state. */
vi.mock('ulid', () => {
  let n = 0
  const ulid = () => `01${String(n++).padStart(24, '0')}`
  return { ulid, monotonicFactory: () => ulid }
})

/** What part of the states `npm run test:quick` looks at; all of them otherwise. */
const share = Number(process.env['ZHIBAN_EXPLORE_SHARE'] ?? 1)

it('every order of a small set of events, killed after every commit, keeps what design §4 promises', () => {
  const began = performance.now()
  const all = scenes.map(scene => explore(scene, scene.states * share))
  const sum = (of: 'states' | 'transitions') => all.reduce((n, f) => n + f[of], 0)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  for (const f of all) process.stdout.write(`${tellFound(f)}\n`)
  process.stdout.write(`explored: ${sum('states')} states, ${sum('transitions')} transitions in ${seconds} s\n`)
  for (const f of all) expect(f.violation, tellFound(f)).toBeUndefined()
  expect(sum('states')).toBeGreaterThanOrEqual(100_000 * share)
}, 300_000)

it.each(scenes.map(scene => [scene.name, scene] as const))(
  'long ways taken by chance keep it too: %s',
  (_, scene) => {
    const seed = Number(process.env['ZHIBAN_SEED'] ?? 20_261_124)
    const trace = walk(scene, 1500, seed)
    expect(trace, `seed ${seed}\n  ${trace?.join('\n  ')}`).toBeUndefined()
  },
  120_000,
)

it('explores the order of safety that is shipped: nothing of it in another place, nothing beside it', () => {
  expect(afterExchange.filter(step => explored.some(e => e === step))).toEqual(explored)
})
