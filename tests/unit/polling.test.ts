import { describe, expect, it } from 'vitest'
import { readEnvironment } from '#program/environment'
import { readCatalogue } from '#program/siteFiles'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import { type Block, planBlocks } from '../../edge-agent/polling/blocks.ts'
import { Turns } from '../../edge-agent/polling/turns.ts'

const block = (poll: Block['poll'], periodMs: number): Block => ({
  poll,
  periodMs,
  table: 'input',
  address: 0,
  length: 1,
  points: [],
})
const fast = block('alarm', 200)
const slow = block('value', 1000)

const profiles = readEnvironment({}).ZHIBAN_PROFILES

describe('merged block reads', () => {
  const profile = readCatalogue(profiles).get('ahu')
  if (!profile) throw new Error('no ahu profile')
  const blocks = planBlocks(profile)
  it('cover every register of every point exactly once', () => {
    const keys = blocks.flatMap(b => b.points.map(p => p.key))
    expect(keys.toSorted()).toEqual([...profile.points.keys()].toSorted())
    for (const b of blocks)
      for (const p of b.points) {
        const register = profile.points.get(p.key)?.register
        expect(register?.address).toBe(b.address + p.offset)
        expect(p.offset + p.words).toBeLessThanOrEqual(b.length)
      }
  })
  it('need one request for the alarms of an air handler', () => expect(blocks.filter(b => b.poll === 'alarm')).toHaveLength(1))
  it('never exceed what a device gives at once', () => {
    for (const p of readCatalogue(profiles).values())
      for (const b of planBlocks(p)) if (b.table === 'input') expect(b.length).toBeLessThanOrEqual(p.maxBlock)
  })
})

const silent = { answered: false, costMs: 500 }

describe('turns on a bus', () => {
  const make = () =>
    new Turns(
      new Map([
        ['a', [fast, slow]],
        ['b', [fast, slow]],
      ]),
      0,
    )
  const turn = (t: Turns, now: number) => {
    const next = t.next(now)
    if ('waitMs' in next) throw new Error('nothing due')
    return next
  }
  /** Lets every unit answer for a while, but those in `dead`. */
  const run = (t: Turns, from: number, to: number, dead: string[], stepMs = 10) => {
    const losses: [number, string, string][] = []
    const tries = new Map<string, number>()
    for (let now = from; now < to; now += stepMs) {
      const next = t.next(now)
      if ('waitMs' in next) continue
      tries.set(next.unit, (tries.get(next.unit) ?? 0) + 1)
      if (dead.includes(next.unit)) {
        now += 500
        const loss = t.failed(next.unit, next.block, now, silent)
        if (loss) losses.push([now, next.unit, loss])
      } else t.answered(next.unit, next.block, now)
    }
    return { losses, tries }
  }
  it('alarms come before values', () => {
    const t = make()
    const first = turn(t, 0)
    t.answered(first.unit, first.block, 1)
    expect(turn(t, 1).block.poll).toBe('alarm')
  })
  it('a silent unit is lost within two seconds while its neighbour goes on', () => {
    const t = make()
    const { losses, tries } = run(t, 0, 6000, ['a'])
    expect(losses).toEqual([[expect.any(Number), 'a', 'unit']])
    expect(losses[0]?.[0]).toBeLessThan(2500)
    expect(tries.get('b')).toBeGreaterThan(10)
  })
  it('two dead units among ten do not make a lost bus', () => {
    const names = [...'abcdefghij']
    const t = new Turns(new Map(names.map(n => [n, [{ ...fast }, { ...slow }]])), 0)
    const { losses, tries } = run(t, 0, 60_000, ['a', 'b'])
    expect(losses.map(l => l[2])).toEqual(['unit', 'unit'])
    expect(tries.get('j')).toBeGreaterThan(100)
  })
  it('one block that a living unit no longer gives is lost alone, and does not hurry the others', () => {
    const t = new Turns(new Map([['a', [fast, slow]]]), 0)
    const losses: string[] = []
    let good = 0
    for (let now = 0; now < 20_000; now += 10) {
      const next = t.next(now)
      if ('waitMs' in next) continue
      if (next.block === slow) losses.push(...[t.failed('a', slow, now, silent)].filter(l => l !== undefined))
      else {
        t.answered('a', fast, now)
        good++
      }
    }
    expect(losses).toEqual(['block'])
    expect(good).toBeGreaterThan(80)
    expect(good).toBeLessThan(120)
  })
  it('a slow bus starves no class', () => {
    const t = new Turns(new Map([...'abcdefghijklmnopqrst'].map(n => [n, [{ ...fast }, { ...slow }]])), 0)
    const seen = new Map<string, number>()
    for (let now = 0; now < 30_000; now += 12) {
      const next = t.next(now)
      if ('waitMs' in next) continue
      seen.set(next.block.poll, (seen.get(next.block.poll) ?? 0) + 1)
      t.answered(next.unit, next.block, now)
    }
    expect(seen.get('value')).toBeGreaterThan(300)
    expect(seen.get('alarm')).toBeGreaterThan(1500)
  })
  it('tries to a dead unit grow apart to at most five seconds', () => {
    const t = make()
    run(t, 0, 30_000, ['a'])
    const { tries } = run(t, 30_000, 60_000, ['a'])
    expect(tries.get('a')).toBeGreaterThanOrEqual(5)
    expect(tries.get('a')).toBeLessThanOrEqual(7)
  })
  it('silence of every unit is the loss of the bus, not of each unit', () => {
    const t = make()
    run(t, 0, 1000, [])
    const { losses } = run(t, 1000, 8000, ['a', 'b'])
    expect(losses.map(l => l[2])).toEqual(['bus'])
    expect(losses[0]?.[0]).toBeLessThan(1000 + 4000)
  })
  it('when a unit answers again, all its blocks are due at once', () => {
    const t = make()
    run(t, 0, 20_000, ['a'])
    let now = 20_000
    let next = t.next(now)
    while ('waitMs' in next || next.unit !== 'a') {
      now += 'waitMs' in next ? next.waitMs : 1
      if (!('waitMs' in next)) t.answered(next.unit, next.block, now)
      next = t.next(now)
    }
    expect(t.answered('a', next.block, now).unit).toBe(true)
    const seen: string[] = []
    for (let k = 0; k < 6; k++) {
      const n = t.next(now + k)
      if ('waitMs' in n) break
      if (n.unit === 'a') seen.push(n.block.poll)
      t.answered(n.unit, n.block, now + k)
    }
    expect(seen).toContain(next.block.poll === 'alarm' ? 'value' : 'alarm')
  })
})

describe('19: beats', () => {
  it('of two buses lie half a period apart where their offsets do', () => {
    const beats = [0, 0.5].map(offset => {
      const t = new Turns(new Map([['a', [{ ...fast }]]]), 0, offset)
      const at: number[] = []
      for (let now = 0; now < 2000; now++) {
        const next = t.next(now)
        if ('waitMs' in next) continue
        t.answered('a', next.block, now)
        at.push(now % 200)
      }
      return new Set(at.slice(2))
    })
    expect(beats).toEqual([new Set([0]), new Set([100])])
  })
})

describe('2: the age of values', () => {
  const profile = readCatalogue(profiles).get('fire-panel')
  if (!profile) throw new Error('no panel')
  const image = () => {
    const made = new ProcessImage([{ id: 'p', profile }], 0)
    made.setLink('p', null, 0)
    return made
  }
  const read = (i: ProcessImage, key: string, mono: number) =>
    i.apply('p', new Map([[key, { ok: true, v: 1, raw: () => '' }]]), mono, mono)
  it('is that of their own last read: what was not read for three periods is stale, what was read since is not', () => {
    const i = image()
    read(i, 'fire', 0)
    read(i, 'clock', 0)
    expect(i.age(1400).get('p')).toBeUndefined()
    expect(i.age(1600).get('p')).toEqual(['fire'])
    expect([i.get('p/fire')?.q, i.get('p/clock')?.q]).toEqual(['stale', 'good'])
    read(i, 'fire', 2000)
    expect(i.get('p/fire')?.q).toBe('good')
    expect(i.age(30_100).get('p')).toEqual(['clock', 'fire'].filter(k => i.get(`p/${k}`)?.q === 'stale'))
  })
})
