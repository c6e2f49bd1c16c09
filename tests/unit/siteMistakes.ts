import type { Device, Site } from '#contract/site'
import { inList, type Plant, set } from './planted.ts'

const words = (text: string) => ({ zh: text, en: text })
const is = (profile: string) => (d: Device) => d.profile === profile
const own = (d: Device) => !d.id.endsWith('-x')

const missing =
  (list: 'zones' | 'buses' | 'devices' | 'compartments', key: string): Plant =>
  (s, chance) => {
    const [i, item] = chance.one<object>(s[list])
    delete (item as Record<string, unknown>)[key]
    return { place: [list, i, key], says: /is missing/ }
  }

const account =
  (user: (s: Site) => string, says: RegExp): Plant =>
  (s, chance) => {
    const [i, d] = chance.one(s.devices, x => x.account !== undefined)
    d.account = { user: user(s), password: 'env:X' }
    return { place: ['devices', i, 'account', 'user'], says }
  }

const prefix =
  (of: (other: string) => string, says: RegExp): Plant =>
  (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.devices, d => d.prefix !== undefined)
    b.prefix = of(a.prefix ?? '')
    return { place: ['devices', i, 'prefix'], says }
  }

const runningPoint = (s: Site) => `${s.devices.find(is('chiller-plant'))?.id ?? 'plant'}/running`
const suppression = (s: Site, o: Partial<Site['suppressions'][number]>): Site['suppressions'][number] => ({
  ...{ id: 'plant-off', name: words('off'), when: { point: runningPoint(s), equals: false } },
  devices: [s.devices.find(is('chiller-plant'))?.id ?? ''],
  ...o,
})

/** One mistake each, in what stands where and who is who; the key is what is wrong. */
export const siteMistakes: Record<string, Plant> = {
  'an unknown key': inList('devices', 'unitt', 5, /unknown key 'unitt'/),
  'an unknown key in a compartment': inList('compartments', 'pannel', 'x', /unknown key 'pannel'/),
  'an area that is missing': missing('zones', 'areaM2'),
  'a name that is missing': missing('devices', 'name'),
  'a rule of a compartment that is no number': inList(
    'compartments',
    'rule',
    { independent: 'two', windowS: 60 },
    /expected number/,
  ),
  'a unit beyond 247': inList('devices', 'unit', 900, /<=247/),
  'capitals in a unit': inList('units', 'zones', ['F1_W'], /lower-case letters/),
  'a bus of an unknown kind': inList('buses', 'protocol', 'bacnet', /must be one of 'modbus-tcp', 'mqtt'/),
  'a password in clear text': s => {
    s.console.password = 'hunter2'
    return { place: ['console', 'password'], says: /env:NAME/ }
  },
  'a section that is missing': (s, chance) => {
    const section = chance.one(['floors', 'agents', 'buses', 'console', 'centreHours'] as const)[1]
    delete (s as Partial<Site>)[section]
    return { place: [section], says: /is missing/ }
  },
  'two devices of one name': (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.devices, d => d.profile === 'energy-meter')
    b.id = a.id
    return { place: ['devices', i, 'id'], says: /is used twice/ }
  },
  'two units of one name': (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.units)
    b.id = a.id
    return { place: ['units', i, 'id'], says: /is used twice/ }
  },
  "an agent with the console's name": s => {
    for (const b of s.buses) if (b.agent === 'annex') b.agent = 'console'
    set(s.agents[1] as object, 'id' as never, 'console')
    return { place: ['agents', 1, 'id'], says: /the console's own name/ }
  },
  'a zone on no floor': inList('zones', 'floor', 'f99', /no floor 'f99'/),
  'a zone with no controller': inList('zones', 'controller', 'zc-99', /no device 'zc-99'/),
  'a zone whose controller does not run': inList('zones', 'controller', 'em-1w', /does not say what runs/),
  'two zones with one controller': (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.zones)
    b.controller = a.controller
    return { place: ['zones', i, 'controller'], says: /already controls zone/ }
  },
  'a unit of no zone': (s, chance) => {
    const [i, u] = chance.one(s.units)
    u.zones.push('f99-w')
    return { place: ['units', i, 'zones', 1], says: /no zone 'f99-w'/ }
  },
  'a zone that never rests and is not there': s => {
    s.alwaysOn.push('f99-e')
    return { place: ['alwaysOn', s.alwaysOn.length - 1], says: /no zone 'f99-e'/ }
  },
  'a bus of no agent': inList('buses', 'agent', 'nobody', /no agent 'nobody'/),
  'a device on no bus': inList('devices', 'bus', 'bus-99', /no bus 'bus-99'/),
  'a device at no place': inList('devices', 'place', 'f99', /no floor, zone or compartment 'f99'/),
  'a device of no kind': inList('devices', 'profile', 'ahuu', /no profile 'ahuu'/),
  'a device that speaks another language than its bus': (s, chance) => {
    const [i, d] = chance.one(s.devices, x => is('energy-meter')(x))
    d.profile = 'door-controller'
    return { place: ['devices', i, 'profile'], says: /speaks mqtt, but bus/ }
  },
  'a test point that is not there': inList('devices', 'watch', { testPoint: 'nothing', testD: 7 }, /has no point 'nothing'/),
  'feeds of nobody': (s, chance) => {
    const [i, d] = chance.one(s.devices, x => is('ahu')(x) && own(x))
    d.feeds.push('zc-99')
    return { place: ['devices', i, 'feeds', d.feeds.length - 1], says: /no device 'zc-99'/ }
  },
  'feeds of another agent': (s, chance) => {
    const [i, d] = chance.one(s.devices, x => is('ahu')(x) && own(x))
    d.feeds.push('zc-x')
    return { place: ['devices', i, 'feeds', d.feeds.length - 1], says: /feeds do not cross agents/ }
  },
  'feeds in a circle': s => {
    const plant = s.devices.findIndex(is('chiller-plant'))
    s.devices.find(is('ahu'))?.feeds.push('plant')
    return { place: ['devices', plant, 'feeds'], says: /feeds go in a circle/ }
  },
  'two devices with one unit': (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.devices, is('energy-meter'))
    b.unit = a.unit
    return { place: ['devices', i, 'unit'], says: /is already 'em-/ }
  },
  'a Modbus device without a unit': (s, chance) => {
    const [i, d] = chance.one(s.devices, is('zone-controller'))
    delete d.unit
    return { place: ['devices', i], says: /needs a unit/ }
  },
  'a real device on a simulated Modbus bus': (s, chance) => {
    const [i, d] = chance.one(s.devices, is('energy-meter'))
    d.simulated = false
    return { place: ['devices', i, 'simulated'], says: /simulated as a whole/ }
  },
  'an MQTT device without a prefix': (s, chance) => {
    const [i, d] = chance.one(s.devices, is('door-controller'))
    delete d.prefix
    return { place: ['devices', i], says: /needs a prefix/ }
  },
  'an MQTT device without an account': (s, chance) => {
    const [i, d] = chance.one(s.devices, is('gate-barrier'))
    delete d.account
    return { place: ['devices', i], says: /needs an account/ }
  },
  'two devices with one prefix': prefix(other => other, /prefix is already that of/),
  'a prefix beneath another': prefix(other => `${other}/lock`, /lies beneath/),
  'a prefix above another': prefix(other => other.split('/')[0] ?? '', /lies beneath/),
  "the console's own prefix": prefix(() => 'zhiban/doors', /the console's own/),
  'one MQTT account for two devices': (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.devices, d => d.account !== undefined)
    b.account = { user: a.account?.user ?? '', password: 'env:X' }
    return { place: ['devices', i, 'account', 'user'], says: /is already that of device/ }
  },
  'one MQTT password for two devices': (s, chance) => {
    const [[, a], [i, b]] = chance.two(s.devices, d => d.account !== undefined)
    b.account = { user: b.account?.user ?? '', password: a.account?.password ?? '' }
    return { place: ['devices', i, 'account', 'password'], says: /is already the password of device/ }
  },
  "a bus's account for a device": account(() => 'field-tower', /is already that of bus 'field'/),
  "an agent's account for a device": account(s => s.agents[0]?.user ?? '', /is already that of agent 'tower'/),
  "the console's account for a device": account(s => s.console.user, /is already that of the console/),
  'one account for two buses': s => {
    const account = { user: 'field-tower', password: 'env:X' }
    s.buses.push({ id: 'field-2', name: words('2'), agent: 'tower', protocol: 'mqtt', url: 'mqtt://h:1', account })
    return { place: ['buses', s.buses.length - 1, 'account', 'user'], says: /is already that of bus 'field'/ }
  },
  'an unknown time zone': s => {
    s.timeZone = 'Asia/Shanghigh'
    return { place: ['timeZone'], says: /no IANA time zone/ }
  },
  'hours that end before they begin': s => {
    s.centreHours.from = '20:00'
    return { place: ['centreHours'], says: /'from' must be before 'to'/ }
  },
  'a second plan of one kind': s => {
    s.plans.push(structuredClone(s.plans[0] as Site['plans'][number]))
    return { place: ['plans', s.plans.length - 1, 'kind'], says: /stands already/ }
  },
  'a step that waits for a later one': s => {
    set(s.plans[1]?.steps[0] as object, 'after' as never, 4)
    return { place: ['plans', 1, 'steps', 0, 'after'], says: /an earlier step/ }
  },
  'a suppression that waits for a point that is not there': s => {
    s.suppressions = [suppression(s, { when: { point: runningPoint(s).replace('running', 'nothing'), equals: false } })]
    return { place: ['suppressions', 0, 'when', 'point'], says: /no point 'nothing'/ }
  },
  'a suppression of a device that is not there': s => {
    s.suppressions = [suppression(s, { devices: ['ghost'] })]
    return { place: ['suppressions', 0, 'devices', 0], says: /no device 'ghost'/ }
  },
  'a suppression that waits for what its point cannot say': s => {
    s.suppressions = [suppression(s, { when: { point: runningPoint(s), equals: 7 } })]
    return { place: ['suppressions', 0, 'when', 'equals'], says: /'/ }
  },
  'a step of a chain by a channel that is not there': s => {
    s.calls = [{ level: 1, chain: [{ afterS: 0, to: ['duty'], by: ['ghost'] }] }]
    return { place: ['calls', 0, 'chain', 0, 'by', 0], says: /no channel 'ghost'/ }
  },
  'a chain whose second step is no later than its first': s => {
    s.channels = [{ id: 'm', kind: 'mail', name: words('m'), url: 'env:M', from: 'a@b.c', perMinute: 60 }]
    s.calls = [{ level: 1, chain: [0, 0].map(afterS => ({ afterS, to: ['duty'], by: ['m'] })) }]
    return { place: ['calls', 0, 'chain', 1, 'afterS'], says: /later than/ }
  },
  'the key of a robot in clear text': s => {
    s.channels = [{ id: 'w', kind: 'wecom', name: words('w'), url: 'https://qyapi/send?key=1', perMinute: 20 }]
    return { place: ['channels', 0, 'url'], says: /env:NAME/ }
  },
  'a level for fire': s => {
    s.levels = [{ kinds: ['fire'], level: 3 }]
    return { place: ['levels', 0, 'kinds'], says: /level 1 always/ }
  },
  'a level at a place that is not there': s => {
    s.levels = [{ places: ['moon'], level: 3 }]
    return { place: ['levels', 0, 'places', 0], says: /no zone, floor or compartment 'moon'/ }
  },
}
