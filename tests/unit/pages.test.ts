import { describe, expect, it } from 'vitest'
import type { AlarmFact } from '#contract/alarm'
import { encode } from '#contract/decode'
import { packetLimits } from '#contract/kinds'
import type { LinkState } from '#contract/messages'
import { bodies } from '#contract/messages'
import { inPages } from '../../edge-agent/uplink/pages.ts'

const alarm = (i: number): AlarmFact => ({
  id: `01ARZ3NDEKTSV4RRFFQ69${String(i).padStart(5, '0')}`,
  key: `device-of-the-building-${i}/some_condition`,
  level: 3,
  kind: 'equipment',
  device: `device-of-the-building-${i}`.slice(0, 40),
  point: `device-of-the-building-${i}/some_point`,
  place: 'f12-e',
  name: { zh: `十二层东区空调机组故障 ${i}`, en: `Air handler of the twelfth floor east: fault ${i}` },
  raisedAt: 1_800_000_000_000 + i,
  value: true,
  limit: null,
  unverifiedSince: null,
})
const link: LinkState = {
  ok: true,
  since: 1_800_000_000_000,
  reason: null,
  code: null,
  errors: 12_345,
  driftMs: -1500,
  bus: null,
}

describe('21: no message grows with the building', () => {
  for (const n of [0, 1, 3500, 10_000])
    it(`${n} standing alarms are pages far below the limit, each once`, () => {
      const all = Array.from({ length: n }, (_, i) => alarm(i))
      const pages = inPages(all, a => JSON.stringify(a))
      expect(pages.flat()).toEqual(all)
      for (const [page, alarms] of pages.entries()) {
        const session = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
        const body = { session, revision: 1, page, pages: pages.length, journalId: session, upTo: 7, alarms }
        expect(bodies.standing.safeParse(body).success).toBe(true)
        expect(Buffer.byteLength(encode('standing', body))).toBeLessThan(packetLimits.program / 4)
      }
    })
  it('10,000 links likewise', () => {
    const all = Array.from({ length: 10_000 }, (_, i) => [`device-of-the-building-${i}`, link] as const)
    const pages = inPages(all, l => JSON.stringify(l))
    expect(pages.flat()).toHaveLength(10_000)
    for (const [page, entries] of pages.entries()) {
      const body = { session: 's', revision: 1, page, pages: pages.length, links: Object.fromEntries(entries) }
      expect(Buffer.byteLength(encode('links', body))).toBeLessThan(packetLimits.program / 4)
    }
  })
})
