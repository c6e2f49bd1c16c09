import { expect, it } from 'vitest'
import type { AlarmFact } from '#contract/alarm'
import type { LinkState } from '#contract/messages'
import type { PointValue } from '#contract/quality'
import { isGoodSince, readingOf } from '../campaigns/faultReading.ts'

const now = 1_000_000
const lane = { bus: 'bus-0', device: 'h-0', neighbour: undefined, port: 0 }
const good: LinkState = { ok: true, since: 0, reason: null, code: null, errors: 0, driftMs: null, bus: null }
const lost = (reason: string, rest: object = {}) => ({ ...good, ok: false, reason, ...rest }) as LinkState
const ear = (o: { link?: LinkState; bus?: LinkState; q?: PointValue['q']; alarms?: string[]; readAt?: number }) => ({
  devices: new Map([
    [
      'h-0',
      { link: o.link ?? good, readAt: o.readAt ?? now, values: new Map([['flow', { v: 1, q: o.q ?? 'good', t: now } as const]]) },
    ],
  ]),
  links: new Map([['bus-0', o.bus ?? good]]),
  standing: (o.alarms ?? []).map(key => ({ key }) as AlarmFact),
})

it.each([
  ['a good link', ear({}), ['good']],
  ['a good link that is not read any more', ear({ readAt: now - 6000 }), ['good, but old']],
  ['the reason of the device', ear({ link: lost('wrong-unit') }), ['wrong-unit']],
  ['its code', ear({ link: lost('exception', { code: 4 }) }), ['exception 4']],
  ['the reason of the bus where the device only says that', ear({ link: lost('bus-lost'), bus: lost('refused') }), ['refused']],
  ['a point without a value and no alarm', ear({ q: 'bad' }), ['gap']],
  ['part of the device', ear({ q: 'bad', alarms: ['part/h-0/input-100'] }), ['part']],
  ['not that of another device', ear({ alarms: ['part/h-01/input-100', 'suspect/h-01', 'bits/n-0/0'] }), ['good']],
  ['a device that is not believed', ear({ q: 'uncertain', alarms: ['suspect/h-0'] }), ['suspect']],
  ['one that is believed all the same', ear({ alarms: ['suspect/h-0'] }), ['suspect, values good']],
  ['an unknown bit beside its known one', ear({ alarms: ['bits/h-0/input-0', 'h-0/b0'] }), ['bits']],
  ['an unknown bit that cost the known one', ear({ alarms: ['bits/h-0/input-0'] }), ['bits, known bit lost']],
])('the fault campaign reads %s', (_what, heard, read) => {
  expect(readingOf(heard, lane, now)).toEqual(read)
})

it('good again means read since, with no alarm left and the bus back', () => {
  expect(isGoodSince(ear({}), lane, now - 1, now)).toBe(true)
  expect(isGoodSince(ear({}), lane, now, now)).toBe(false)
  expect(isGoodSince(ear({ alarms: ['link/h-0'] }), lane, now - 1, now)).toBe(false)
  expect(isGoodSince(ear({ alarms: ['link/bus-0'] }), lane, now - 1, now)).toBe(false)
  expect(isGoodSince(ear({ bus: lost('refused') }), lane, now - 1, now)).toBe(false)
  expect(isGoodSince(ear({ q: 'stale' }), lane, now - 1, now)).toBe(false)
})
