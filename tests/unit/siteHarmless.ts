import type { Device, Interlock, Linkage, Site } from '#contract/site'
import type { Chance } from './siteTowers.ts'

/** A change after which the site is as good as before. */
type Change = (site: Site, chance: Chance) => void

const words = (text: string) => ({ zh: text, en: text })
const is = (profile: string) => (d: Device) => d.profile === profile

/** Gives something another name everywhere: as an id, a reference, a key, and as the device of a `device/point`. */
const renamed = <T>(node: T, from: string, to: string): T => {
  const text = (old: string) => (old === from ? to : old.startsWith(`${from}/`) ? to + old.slice(from.length) : old)
  if (typeof node === 'string') return text(node) as T
  if (typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map(item => renamed(item, from, to)) as T
  // A device may be called like its type, which keeps its name.
  const child = (key: string, value: unknown) => (key === 'profile' ? value : renamed(value, from, to))
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [text(key), child(key, value)])) as T
}

const rename =
  (list: 'floors' | 'zones' | 'units' | 'agents' | 'buses' | 'devices' | 'compartments' | 'interlocks'): Change =>
  (s, chance) => {
    const [, item] = chance.one<{ id: string }>(s[list])
    Object.assign(s, renamed(s, item.id, `${item.id.slice(0, 30)}-new`))
  }

const shuffle =
  (list: 'floors' | 'zones' | 'units' | 'buses' | 'devices' | 'compartments' | 'interlocks'): Change =>
  (s, chance) => {
    const items: unknown[] = s[list]
    for (let i = items.length - 1; i > 0; i--) {
      const k = chance.below(i + 1)
      ;[items[i], items[k]] = [items[k], items[i]]
    }
  }

const freeUnit = (s: Site, bus: string) => Math.max(0, ...s.devices.filter(d => d.bus === bus).map(d => d.unit ?? 0)) + 1
const add = (s: Site, device: Omit<Device, 'name' | 'feeds'>) => s.devices.push({ name: words(device.id), feeds: [], ...device })

const someLinkage = (s: Site, chance: Chance, id: string): Linkage =>
  chance.one(chance.one(s.compartments)[1].linkages, l => l.id === id)[1]

/** All compartments that stop this air handler, those of sets too, say which of two wishes prevails. */
const rankAir = (s: Site, device: string, rank: number) => {
  for (const c of s.compartments) for (const l of c.linkages) if (l.device === device && l.point === 'fan_cmd') l.rank = rank
}

const interlock = (id: string, rest: Omit<Interlock, 'id' | 'name'>): Interlock => ({ id, name: words(id), ...rest })

export const harmless: Record<string, Change> = {
  'another name of a floor': rename('floors'),
  'another name of a zone': rename('zones'),
  'another name of a unit': rename('units'),
  'another name of an agent': rename('agents'),
  'another name of a bus': rename('buses'),
  'another name of a device': rename('devices'),
  'another name of a compartment': rename('compartments'),
  'another name of an interlock': rename('interlocks'),
  'another name of a set': s => Object.assign(s, renamed(s, 'barriers', 'gates-up')),
  'another order of floors': shuffle('floors'),
  'another order of zones': shuffle('zones'),
  'another order of units': shuffle('units'),
  'another order of buses': shuffle('buses'),
  'another order of devices': shuffle('devices'),
  'another order of compartments': shuffle('compartments'),
  'another order of interlocks': shuffle('interlocks'),
  'other words': (s, chance) =>
    Object.assign(chance.one(s.devices)[1], { name: { zh: '新名称：甲 #1', en: "the 'new' name: #1" } }),
  'another area': (s, chance) => Object.assign(chance.one(s.zones)[1], { areaM2: 12.5 + chance.below(900) }),
  'another side': (s, chance) => Object.assign(chance.one(s.zones)[1], { side: 'west' }),
  'another time zone': s => Object.assign(s, { timeZone: 'Europe/Berlin' }),
  'other hours': s => Object.assign(s.centreHours, { from: '06:30', to: '24:00', weekend: 'overtime', preStartMin: 45 }),
  'another limit of a feedback': (s, chance) => Object.assign(someLinkage(s, chance, 'air'), { feedbackLimitMs: 45_000 }),
  'another limit of a start': (s, chance) => Object.assign(someLinkage(s, chance, 'door'), { startLimitMs: 1500 }),
  'another window of the rule': (s, chance) => Object.assign(chance.one(s.compartments)[1].rule, { windowS: chance.below(3600) }),
  'one witness is enough': (s, chance) => Object.assign(chance.one(s.compartments)[1].rule, { independent: 1 }),
  'three witnesses are needed': (s, chance) => Object.assign(chance.one(s.compartments)[1].rule, { independent: 3 }),
  'fewer witnesses': (s, chance) => chance.one(s.compartments)[1].witnesses.splice(2 + chance.below(6)),
  'a witness of two compartments': (s, chance) => {
    const [[, a], [, b]] = chance.two(s.compartments)
    b.witnesses.push(a.witnesses[0] as string)
  },
  'a room of two zones': (s, chance) => {
    const [[, a], [, b]] = chance.two(s.zones)
    s.units.push({ id: 'double', name: words('double'), zones: [a.id, b.id] })
  },
  'a room that is given up': s => s.units.splice(0, 1),
  'one more zone round the clock': (s, chance) => s.alwaysOn.push(chance.one(s.zones)[1].id),
  'one more meter': s => add(s, { id: 'em-new', profile: 'energy-meter', bus: 'bus-hvac', unit: freeUnit(s, 'bus-hvac') }),
  'a device at the highest unit': s =>
    add(s, { id: 'em-last', profile: 'energy-meter', bus: 'bus-fire', unit: 247, place: 'f1' }),
  'one unit on two buses': s => add(s, { id: 'em-same', profile: 'energy-meter', bus: 'bus-annex', unit: 10 }),
  'one more door beside another': (s, chance) => {
    const [, door] = chance.one(s.devices, is('door-controller'))
    const account = { user: 'new-door', password: 'env:ZHIBAN_NEW_DOOR_MQTT_PASSWORD' }
    add(s, { id: 'd-new', profile: 'door-controller', bus: 'field', prefix: `${door.prefix}b`, account, notAtFire: 'a cupboard' })
  },
  'one more MQTT bus': s => {
    const account = { user: 'field-2', password: 'env:FIELD_2' }
    s.buses.push({ id: 'field-2', name: words('2'), agent: 'annex', protocol: 'mqtt', url: 'mqtt://10.0.0.7:1883', account })
  },
  'one more gateway': s =>
    s.buses.push({ id: 'bus-6', name: words('6'), agent: 'tower', protocol: 'modbus-tcp', host: '10.0.0.6', port: 'env:P:502' }),
  'another password': (s, chance) =>
    Object.assign(chance.one(s.devices, d => d.account !== undefined)[1].account as object, { password: 'env:ITS_OWN' }),
  'a user from the environment': s => Object.assign(s.console, { user: 'env:CONSOLE_USER:desk' }),
  'a silence watch': (s, chance) => Object.assign(chance.one(s.devices)[1], { watch: { quietH: 12 } }),
  'a reason to stay at a fire': (s, chance) => Object.assign(chance.one(s.devices)[1], { notAtFire: 'no way out here' }),
  'another place': (s, chance) => Object.assign(chance.one(s.devices)[1], { place: chance.one(s.zones)[1].id }),
  'a place in a compartment': (s, chance) => Object.assign(chance.one(s.devices)[1], { place: chance.one(s.compartments)[1].id }),
  'a set that nobody includes': s => Object.assign(s.linkageSets, { spare: structuredClone(s.linkageSets['barriers']) }),
  'ranks where all agree': s => rankAir(s, 'ahu-1', 5),
  'opposite wishes with ranks': s => {
    rankAir(s, 'ahu-1', 5)
    const smoke = s.compartments[1]?.linkages.find(l => l.id === 'air')
    Object.assign(smoke as object, { value: true, rank: 1, feedback: { point: 'fan_fb', value: true } })
  },
  'opposite interlocks with ranks': s => {
    Object.assign(s.interlocks[0] as object, { rank: 1 })
    const unless = { point: 'frost', equals: false }
    s.interlocks.push(interlock('purge', { devices: ['ahu-2'], point: 'fan_cmd', hold: true, rank: 2, unless }))
  },
  'two interlocks of one wish': s => {
    const unless = { point: 'frost', equals: false }
    s.interlocks.push(interlock('frost', { devices: ['ahu-1', 'ahu-2'], point: 'fan_cmd', hold: false, unless }))
  },
  'an interlock that waits for another device': s => {
    const unless = { point: 'plant/running', equals: true }
    s.interlocks.push(interlock('plant-first', { devices: ['ahu-3'], point: 'sat_sp', hold: 24, unless }))
  },
  'an interlock of the other agent': s => {
    const unless = { point: 'panel-x/fire', equals: false }
    s.interlocks.push(interlock('annex-fire', { devices: ['ahu-x'], point: 'fan_cmd', hold: false, unless }))
  },
  'a compartment of the other agent': s => {
    const air = structuredClone(s.compartments[0]?.linkages.find(l => l.id === 'air')) as Linkage
    const rest = { witnesses: ['l1_w1_fire', 'l2_cpe_fire'], panelNormal: { point: 'fire', value: false }, include: [] }
    const rule = { independent: 2, windowS: 60 }
    const zones = [s.zones[0]?.id ?? '']
    s.compartments.push({
      id: 'cx',
      name: words('cx'),
      zones,
      panel: 'panel-x',
      rule,
      ...rest,
      linkages: [{ ...air, device: 'ahu-x' }],
    })
  },
  'what the wire does against what we do': s => {
    const wire = s.linkageSets['wire-ahu-1']?.[0] as Linkage
    Object.assign(wire, { point: 'fan_cmd', value: true })
  },
  'a linkage of a number': (s, chance) => {
    Object.assign(someLinkage(s, chance, 'door'), {
      ...{ device: 'ahu-5', point: 'oad_cmd', value: 100 },
      feedback: { point: 'oad_pos', value: 99.9 },
    })
  },
  'another damper in an interlock': s => Object.assign(s.interlocks[1] as object, { hold: 12.5 }),
  'fewer interlocks': s => s.interlocks.splice(0, 1),
  'other words of a plan': s => Object.assign(s.plans[0] as object, { name: words('plan'), source: 'site', contacts: [] }),
  'another clock of a step': s => Object.assign(s.plans[0]?.steps[1] as object, { withinS: 75, after: 1 }),
  'other posts of a step': s => Object.assign(s.plans[0]?.steps[0] as object, { posts: ['guard', 'lead'] }),
  'a plan of another kind': s =>
    s.plans.push({ ...structuredClone(s.plans[0] as Site['plans'][number]), kind: 'typhoon', level: 2 }),
}
