import { describe, expect, it } from 'vitest'
import { type BookingFacts, bookingPhase, chainOf, readBackOf, type Sight } from '#api/bookingPhase'
import { en } from '#api/words/en'
import { type Text, textIn } from '#api/words/text'
import { zh } from '#api/words/zh'
import { type Holder, level } from '#contract/priority'
import type { PointValue, Scalar } from '#contract/quality'
import { refsOf, sightOf } from '../../console/web/src/state/bookingSight.ts'

const words = (name: string) => ({ zh: name, en: name })
const runs = { command: 'cmd', feedback: 'fb' }
const devices = [
  { id: 'plant', name: words('plant'), feeds: ['ahu'], runs },
  { id: 'ahu', name: words('ahu'), feeds: ['zc'], runs },
  { id: 'zc', name: words('zc'), feeds: [], runs },
  { id: 'meter', name: words('meter'), feeds: [], runs: null },
]
const chain = chainOf('zc', devices)
const holder = (l: number, value: Scalar): Holder => ({
  level: l,
  value,
  causes: [{ id: 'x', what: words('x') }],
  since: 0,
  until: null,
})
type Building = {
  fb?: Record<string, Partial<PointValue>>
  told?: Record<string, Holder[]>
  withheld?: string
  lost?: string
  away?: string
}
const sight = (b: Building): Sight => ({
  value: ref => ({ v: false, q: 'good', t: 0, ...b.fb?.[ref.split('/')[0] ?? ''] }),
  holders(ref) {
    const device = ref.split('/')[0] ?? ''
    const holders = b.told?.[device]
    return holders || b.withheld === device
      ? { array: { holders: holders ?? [], relinquishDefault: false }, withheld: b.withheld === device ? 'fire-input' : null }
      : undefined
  },
  link: device => ({ ok: b.lost !== device, online: b.away !== device }),
})
const on = { v: true }
const wanted = { zc: [holder(level.overtime, true)], ahu: [holder(level.overtime, true)] }

describe('what is read back', () => {
  it('a zone runs when it and what feeds it report it, every value to be trusted; the plant proves nothing of it', () => {
    expect(chain.map(c => c.device)).toEqual(['zc', 'ahu'])
    expect(readBackOf(chain, sight({ fb: { zc: on, ahu: on } }))).toEqual({ running: true })
  })
  const table: [string, Building, string, string][] = [
    ['its agent is away', { fb: { zc: on, ahu: on }, away: 'zc' }, 'silent', 'zc'],
    ['it is unplugged', { fb: { zc: on, ahu: on }, lost: 'zc' }, 'link-lost', 'zc'],
    ['what feeds it is unplugged', { fb: { zc: on, ahu: on }, lost: 'ahu' }, 'link-lost', 'ahu'],
    ['a value is stale', { fb: { zc: { v: true, q: 'stale' }, ahu: on } }, 'link-lost', 'zc'],
    ['the programme has not told it', {}, 'not-told', 'zc'],
    ['a fire keeps what feeds it off', { fb: { zc: on }, told: { ...wanted, ahu: [holder(level.fire, false)] } }, 'fire', 'ahu'],
    ['its fire input is active', { told: wanted, withheld: 'zc' }, 'fire', 'zc'],
    ['somebody holds it off', { told: { ...wanted, zc: [holder(level.operator, false)] } }, 'by-hand', 'zc'],
    ['a protection holds it off', { told: { ...wanted, zc: [holder(level.protection, false)] } }, 'protected', 'zc'],
    ['it does not answer to its command', { told: wanted }, 'no-feedback', 'zc'],
    ['only what feeds it does not', { fb: { zc: on }, told: wanted }, 'no-feedback', 'ahu'],
  ]
  for (const [name, building, why, device] of table)
    it(`does not run: ${name}`, () => {
      expect(readBackOf(chain, sight(building))).toEqual({ running: false, why, device: words(device) })
      for (const t of [zh, en]) expect(t.overtime.whyNot[why]).toBeTruthy()
    })
  it('a zone of which nothing is known does not run', () => expect(readBackOf([], sight({}))).toMatchObject({ running: false }))
})

describe('how a booking goes', () => {
  const signed: BookingFacts = { state: 'signed', from: 100, to: 200, startBy: 110, confirmedAt: null }
  const table: [string, Partial<BookingFacts>, boolean, number, string][] = [
    ['not signed', { state: 'quoted' }, true, 150, 'quoted'],
    ['not signed yet', { state: 'accepted' }, true, 150, 'accepted'],
    ['its air is on before its time', {}, true, 99, 'booked'],
    ['its time has come', {}, false, 100, 'starting'],
    ['at its limit', {}, false, 110, 'not-started'],
    ['it runs', {}, true, 150, 'running'],
    ['it began late', { confirmedAt: 140 }, true, 150, 'running'],
    ['it ran and does not now', { confirmedAt: 101 }, false, 150, 'interrupted'],
    ['its time is over and it is not wound up', {}, true, 200, 'stopping'],
    ['it was stopped early', { state: 'stopping' }, true, 150, 'stopping'],
    ['it is over', { state: 'finished' }, true, 150, 'done'],
    ['it was given up', { state: 'cancelled' }, true, 150, 'cancelled'],
  ]
  for (const [name, facts, running, now, phase] of table)
    it(`${phase}: ${name}`, () => expect(bookingPhase({ ...signed, ...facts }, running, now)).toBe(phase))
})

describe('what a screen says of a booking', () => {
  const zone = { id: 'z', controller: 'zc' }
  const screen = (b: Building, now: number) => {
    const { value, holders, link } = sight(b)
    const site = { zones: [zone], devices } as unknown as Parameters<typeof sightOf>[0]['building']['site']
    return {
      building: { site },
      live: { now, value, holders: { get: holders }, linkOf: link },
      t: zh,
      word: (said: Text) => textIn('zh', said),
    }
  }
  const row = { zone: 'z', state: 'signed', from: 100, to: 200, startBy: 110, confirmedAt: null }
  it('asks for the read-backs of its zone and of what feeds it', () =>
    expect(refsOf(screen({}, 0), ['z'])).toEqual(['zc/fb', 'ahu/fb']))
  it('never that it runs while it is unplugged, whatever the clock says', () => {
    for (const now of [100, 110, 150, 199])
      expect(sightOf(screen({ fb: { zc: on, ahu: on }, told: wanted, lost: 'zc' }, now), row).phase).not.toBe('running')
    expect(sightOf(screen({ fb: { zc: on, ahu: on }, told: wanted, lost: 'zc' }, 150), row)).toEqual({
      phase: 'not-started',
      why: `zc ${zh.overtime.whyNot['link-lost']}`,
    })
  })
  it('that it runs when that is read back, and why it does not when it should', () => {
    expect(sightOf(screen({ fb: { zc: on, ahu: on } }, 150), row)).toEqual({ phase: 'running', why: '' })
    expect(sightOf(screen({ told: wanted }, 105), row)).toEqual({
      phase: 'starting',
      why: `zc ${zh.overtime.whyNot['no-feedback']}`,
    })
    expect(sightOf(screen({}, 50), row)).toEqual({ phase: 'booked', why: '' })
    expect(sightOf(screen({}, 150), { ...row, state: 'finished' })).toEqual({ phase: 'done', why: '' })
  })
})
