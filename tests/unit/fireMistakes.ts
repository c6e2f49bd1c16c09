import type { Linkage, Site } from '#contract/site'
import { inList, type Plant, set } from './planted.ts'
import type { Chance } from './siteTowers.ts'
import type { Place } from './yamlLines.ts'

/** A linkage of some compartment's own. */
const someLinkage = (s: Site, chance: Chance) => {
  const [i, c] = chance.one(s.compartments)
  const [k, linkage] = chance.one(c.linkages, l => l.by === 'agent')
  return { c, linkage, path: ['compartments', i, 'linkages', k] as Place }
}

const linkageWith =
  (change: Partial<Linkage>, key: string, says: RegExp): Plant =>
  (s, chance) => {
    const { linkage, path } = someLinkage(s, chance)
    Object.assign(linkage, change)
    return { place: [...path, ...key.split('.')], says }
  }

const onAhu = { device: 'ahu-1', point: 'sat_sp', feedback: { point: 'fan_fb', value: false } }

const interlockWith =
  (change: Partial<Site['interlocks'][number]>, key: string, says: RegExp): Plant =>
  s => {
    Object.assign(s.interlocks[0] as object, change)
    return { place: ['interlocks', 0, ...key.split('.')], says }
  }

const witness =
  (key: (old: string) => string, says: RegExp): Plant =>
  (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    const [k, old] = chance.one(c.witnesses)
    c.witnesses[k] = key(old)
    return { place: ['compartments', i, 'witnesses', k], says }
  }

/** One mistake each, in what is done at a fire and what protects the equipment; the key is what is wrong. */
export const fireMistakes: Record<string, Plant> = {
  "a linkage on another agent's device": linkageWith(
    { ...onAhu, device: 'ahu-x', point: 'fan_cmd' },
    'device',
    /do not cross agents/,
  ),
  "a set of linkages on another agent's device": s => {
    const linkage = s.linkageSets['barriers']?.[2] as Linkage
    Object.assign(linkage, { ...onAhu, device: 'ahu-x', point: 'fan_cmd' })
    return { place: ['linkageSets', 'barriers', 2, 'device'], says: /do not cross agents/ }
  },
  "a panel of another agent's": inList('compartments', 'panel', 'panel-x', /belongs to agent 'annex'.*do not cross agents/),
  "an interlock that waits for another agent's device": interlockWith(
    { unless: { point: 'ahu-x/vfd_flt', equals: false } },
    'unless.point',
    /interlocks do not cross agents/,
  ),
  "an interlock of another agent's device": s => {
    const lock = s.interlocks[0] as Site['interlocks'][number]
    Object.assign(lock, { unless: { point: 'plant/running', equals: true }, devices: [...lock.devices, 'ahu-x'] })
    return { place: ['interlocks', 0, 'devices', lock.devices.length - 1], says: /interlocks do not cross agents/ }
  },
  'opposite wishes of two compartments': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    const [k, linkage] = chance.one(c.linkages, l => l.id === 'air')
    linkage.value = true
    return { place: ['compartments', i, 'linkages', k, 'value'], says: /wants true of 'ahu-\d\/fan_cmd', but .* a rank/ }
  },
  'opposite wishes of one rank': s => {
    for (const c of s.compartments.slice(0, 4)) for (const l of c.linkages) if (l.device === 'ahu-1') l.rank = 3
    const at = s.compartments[2]?.linkages.findIndex(l => l.device === 'ahu-1') ?? 0
    set(s.compartments[2]?.linkages[at] as Linkage, 'value', true)
    return { place: ['compartments', 2, 'linkages', at, 'rank'], says: /give each a rank, and not the same/ }
  },
  'opposite wishes within a compartment': (s, chance) => {
    const { c, linkage, path } = someLinkage(s, chance)
    c.linkages.push({ ...linkage, id: 'opposite', value: !linkage.value, rank: 1 })
    return { place: [...path.slice(0, 3), c.linkages.length - 1, 'value'], says: /both in compartment.*leave one out/ }
  },
  'opposite wishes of two interlocks': s => {
    s.interlocks.push({ ...structuredClone(s.interlocks[0] as Site['interlocks'][number]), id: 'opposite', hold: true })
    return { place: ['interlocks', s.interlocks.length - 1, 'hold'], says: /give each a rank/ }
  },
  'the same witness twice': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    c.witnesses.push(chance.one(c.witnesses)[1])
    return { place: ['compartments', i, 'witnesses', c.witnesses.length - 1], says: /stands twice; one detector is one witness/ }
  },
  'the fault bit of a detector as a witness': witness(
    old => old.replace('_fire', '_fault'),
    /detector is faulty, not that there is a fire/,
  ),
  'the shield bit of a detector as a witness': witness(old => old.replace('_fire', '_shield'), /detector is shielded, not that/),
  "the panel's sum as a witness": witness(() => 'fire', /no detector's own signal.*a sum of the panel/),
  'a clock as a witness': witness(() => 'clock', /no detector's own signal/),
  'a witness that is not there': witness(() => 'l1_e9_fire', /has no point 'l1_e9_fire'/),
  'more witnesses asked for than listed': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    c.witnesses.splice(1)
    return { place: ['compartments', i, 'rule'], says: /asks for 2 witnesses but only 1/ }
  },
  'a compartment of no zone': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    c.zones.push('f99-w')
    return { place: ['compartments', i, 'zones', c.zones.length - 1], says: /no zone 'f99-w'/ }
  },
  'a compartment of no panel': inList('compartments', 'panel', 'panel-9', /no device 'panel-9'/),
  'a compartment with no such set': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    c.include.push('roof')
    return { place: ['compartments', i, 'include', c.include.length - 1], says: /no linkage set 'roof'/ }
  },
  'a set that is included twice': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    c.include.push('barriers')
    return { place: ['compartments', i, 'include', c.include.length - 1], says: /included twice/ }
  },
  'a linkage that stands twice': linkageWith({ id: 'gate-in-a' }, 'id', /stands twice/),
  'a normal of the wrong type': (s, chance) => {
    const [i, c] = chance.one(s.compartments)
    c.panelNormal.value = 0
    return { place: ['compartments', i, 'panelNormal', 'value'], says: /is binary: 0 does not fit/ }
  },
  'a linkage of no device': linkageWith({ device: 'd-99' }, 'device', /no device 'd-99'/),
  'a linkage of no point': linkageWith({ point: 'nothing' }, 'point', /has no point 'nothing'/),
  'a linkage to what cannot be written': linkageWith({ device: 'ahu-1', point: 'fire_in' }, 'point', /cannot be written/),
  'a linkage with a number for a switch': linkageWith({ value: 1 }, 'value', /is binary: 1 does not fit/),
  'a linkage out of range': linkageWith({ ...onAhu, value: 30 }, 'value', /takes 12 to 24: 30 is out of range/),
  'a feedback of the wrong type': linkageWith(
    { ...onAhu, value: 12, feedback: { point: 'fan_fb', value: 'off' } },
    'feedback.value',
    /is binary: "off" does not fit/,
  ),
  'a feedback that is never plausible': linkageWith(
    { ...onAhu, value: 12, feedback: { point: 'sat', value: 95 } },
    'feedback.value',
    /plausible from -30 to 80: 95 is out of range/,
  ),
  'a wired signal of the wrong type': linkageWith({ ...onAhu, by: 'panel', point: 'fire_in', value: 1 }, 'value', /is binary: 1/),
  'an interlock that holds a fan at 3': interlockWith({ hold: 3 }, 'hold', /is binary: 3 does not fit/),
  'an interlock that holds a damper at 130': interlockWith({ point: 'oad_cmd', hold: 130 }, 'hold', /takes 0 to 100: 130/),
  'an interlock that waits for the wrong type': interlockWith(
    { unless: { point: 'vfd_flt', equals: 0 } },
    'unless.equals',
    /is binary: 0/,
  ),
  'an interlock that waits for ever': interlockWith(
    { unless: { point: 'sat', equals: 400 } },
    'unless.equals',
    /400 is out of range/,
  ),
  'an interlock that waits for nothing': interlockWith(
    { unless: { point: 'vfd', equals: 0 } },
    'unless.point',
    /has no point 'vfd'/,
  ),
  'an interlock on what cannot be written': interlockWith({ point: 'sat' }, 'point', /cannot be written/),
}
