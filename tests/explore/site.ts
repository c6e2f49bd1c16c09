import { parseSite } from '#contract/parseSite'
import { type Catalogue, type Profile, parseProfile } from '#contract/profile'
import type { Site } from '#contract/site'

/**
 * The smallest site in which everything of design §4 can happen: two compartments that want different things of one fan, a door
 * that one of them releases, and what the panel does by itself. All times are short, so that few steps see them pass.
 */
export const windowMs = 2000
export const feedbackLimitMs = 2000
export const writeLimitMs = 2000

const words = (id: string) => `{ zh: ${id}, en: ${id} }`
const coil = 'register: { table: coil, address: 0 }'
const bit = (n: number) => `register: { table: input, address: 0, type: u16, bit: ${n} }`
const status = (id: string, n: number, more = '') =>
  `  ${id}: { name: ${words(id)}, kind: binary, poll: alarm, ${bit(n)}${more} }`
const detector = (id: string, n: number) => [
  status(`${id}_fire`, n, `, role: fire, detector: ${id}`),
  status(`${id}_fault`, n + 1, `, role: fault, detector: ${id}`),
  status(`${id}_shield`, n + 2, `, role: shielded, detector: ${id}`),
]
const write = (readBack: string, rest: string) =>
  `write: { readBack: ${readBack}, settleMs: 200, holdMs: 300, limitMs: ${writeLimitMs}, ${rest} }`
const head = (id: string, protocol: string) =>
  `profile: ${id}\nversion: 1\nprotocol: ${protocol}\nname: ${words(id)}\nevidence: synthetic`

const texts = {
  panel: [
    head('panel', 'modbus'),
    'points:',
    status('fire', 0),
    ...detector('a1', 1),
    ...detector('a2', 4),
    ...detector('b1', 7),
    status('bell', 10),
    status('bell_fb', 11),
  ],
  fan: [
    head('fan', 'modbus'),
    'runs: { command: run, feedback: run_fb }',
    'atFire: { point: run, value: false, input: fire_in }',
    'points:',
    `  run: { name: ${words('run')}, kind: binary, group: command, ${coil}, ${write('run_fb', 'relinquishDefault: true')} }`,
    status('run_fb', 0),
    status('trip', 1),
    status('fire_in', 2),
  ],
  door: [
    head('door', 'mqtt'),
    'atFire: { point: lock, value: false, input: fire_in }',
    'points:',
    `  lock: { name: ${words('lock')}, kind: binary, group: command, mqtt: { topic: state, path: l, command: { topic: c, path: l } }, ${write('locked', 'onOverwrite: leave, relinquishDefault: true')} }`,
    `  locked: { name: ${words('locked')}, kind: binary, mqtt: { topic: state, path: s } }`,
    `  fire_in: { name: ${words('fire_in')}, kind: binary, mqtt: { topic: state, path: f } }`,
  ],
}

const profileOf = (id: keyof typeof texts): Profile => {
  const { profile, problems } = parseProfile({ file: `${id}.yaml`, text: `${texts[id].join('\n')}\n` })
  if (!profile) throw new Error(JSON.stringify(problems))
  return profile
}
export const catalogue: Catalogue = new Map((['panel', 'fan', 'door'] as const).map(id => [id, profileOf(id)]))

/** What an engineer may make of the site file while a fire is latched. */
export type Variant = 'whole' | 'without-a' | 'a-renamed' | 'b-with-door' | 'a-without-door' | 'bare'

const linkage = (id: string, device: string, point: string, value: boolean, feedback: string, more = '') =>
  `      - { id: ${id}, name: ${words(id)}, device: ${device}, point: ${point}, value: ${value}, feedback: { point: ${feedback}, value: ${value} }, feedbackLimitMs: ${feedbackLimitMs}, startLimitMs: 1000${more} }`
const compartment = (id: string, witnesses: string, independent: number, linkages: string[]) =>
  [
    `  - id: ${id}\n    name: ${words(id)}\n    zones: [z]\n    panel: panel\n    witnesses: [${witnesses}]`,
    `    panelNormal: { point: fire, value: false }\n    rule: { independent: ${independent}, windowS: ${windowMs / 1000} }`,
    `    linkages:\n${linkages.join('\n')}`,
  ].join('\n')

const siteOf = (variant: Variant): Site => {
  const air = linkage('air', 'fan', 'run', false, 'run_fb', ', rank: 2')
  const way = linkage('way', 'door', 'lock', false, 'locked')
  const smoke = linkage('smoke', 'fan', 'run', true, 'run_fb', ', rank: 1')
  const bell = linkage('bell', 'panel', 'bell', true, 'bell_fb', ', by: panel')
  const a = (id: string) => compartment(id, 'a1_fire, a2_fire', 2, variant === 'a-without-door' ? [air] : [air, way])
  const b = compartment('b', 'b1_fire', 1, variant === 'b-with-door' ? [smoke, bell, way] : [smoke, bell])
  const compartments = { 'without-a': [b], 'a-renamed': [a('a9'), b], bare: [] as string[] }[variant as string] ?? [a('a'), b]
  const text = [
    `site: tiny\nname: ${words('tiny')}\ntimeZone: UTC\ncentreHours: { from: "07:00", to: "19:00" }`,
    `floors: [{ id: f, name: ${words('f')}, order: 1 }]`,
    `zones: [{ id: z, name: ${words('z')}, floor: f, side: west, controller: fan, areaM2: 1 }]`,
    'console: { user: c, password: env:C }',
    `agents: [{ id: agent, name: ${words('agent')}, user: a, password: env:A }]`,
    'buses:',
    `  - { id: m, name: ${words('m')}, agent: agent, protocol: modbus-tcp, host: h, port: "1" }`,
    `  - { id: q, name: ${words('q')}, agent: agent, protocol: mqtt, url: u, account: { user: u, password: env:U } }`,
    'devices:',
    ...(variant === 'bare' ? [] : [`  - { id: panel, name: ${words('panel')}, profile: panel, bus: m, unit: 1 }`]),
    `  - { id: fan, name: ${words('fan')}, profile: fan, bus: m, unit: 2 }`,
    `  - { id: door, name: ${words('door')}, profile: door, bus: q, prefix: d, account: { user: d, password: env:D } }`,
    `interlocks:\n  - { id: trip, name: ${words('trip')}, devices: [fan], point: run, hold: false, unless: { point: trip, equals: false } }`,
    ...(compartments.length > 0 ? ['compartments:', ...compartments] : []),
  ].join('\n')
  const { site, problems } = parseSite({ file: 'tiny.yaml', text: `${text}\n` }, catalogue)
  if (!site) throw new Error(JSON.stringify(problems))
  return site
}

const made = new Map<Variant, Site>()
export const tinySite = (variant: Variant): Site => {
  const site = made.get(variant) ?? siteOf(variant)
  made.set(variant, site)
  return site
}
