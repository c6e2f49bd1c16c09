import type { Catalogue } from '#contract/profile'
import { siteOf, withProfiles } from './bareAgent.ts'
import { catalogue as shipped } from './core.ts'

const words = (text: string) => `{ zh: ${text}, en: ${text} }`

/** A door on a Modbus unit: its lock command, its bolt, its wired fire input. */
const doorProfile = [
  'profile: bus-door',
  'version: 1',
  'protocol: modbus',
  `name: ${words('door')}`,
  'evidence: synthetic',
  'atFire: { point: lock_cmd, value: false, input: fire_in }',
  'points:',
  `  lock_cmd: { name: ${words('lock')}, kind: binary, group: command, poll: alarm, register: { table: coil, address: 0 }, write: { readBack: locked, settleMs: 0, holdMs: 200, limitMs: 3000, relinquishDefault: true } }`,
  `  locked: { name: ${words('locked')}, kind: binary, poll: alarm, register: { table: discrete, address: 0 } }`,
  `  fire_in: { name: ${words('fire input')}, kind: binary, poll: alarm, register: { table: discrete, address: 1 } }`,
  '',
].join('\n')

export const catalogue: Catalogue = withProfiles(shipped, doorProfile)

/** A fire panel (unit 1) and a door (unit 2) on buses of their own; two detectors of floor 1 release the door. */
export const smallTower = (o: {
  panelPort: number
  doorPort: number
  feedbackLimitMs?: number
  compartment?: string
  more?: string
}) =>
  siteOf(
    [
      `site: small\nname: ${words('small')}\ntimeZone: Asia/Shanghai\ncentreHours: { from: "07:00", to: "19:00" }`,
      `floors: [{ id: f1, name: ${words('1F')}, order: 1 }]`,
      `zones: [{ id: z, name: ${words('z')}, floor: f1, side: west, controller: zc, areaM2: 100 }]`,
      'console: { user: c, password: env:C }',
      `agents: [{ id: agent, name: ${words('agent')}, user: a, password: env:A }]`,
      'buses:',
      `  - { id: fire, name: ${words('fire')}, agent: agent, protocol: modbus-tcp, host: 127.0.0.1, port: "${o.panelPort}" }`,
      `  - { id: doors, name: ${words('doors')}, agent: agent, protocol: modbus-tcp, host: 127.0.0.1, port: "${o.doorPort}" }`,
      'devices:',
      `  - { id: panel, name: ${words('panel')}, profile: fire-panel, bus: fire, unit: 1 }`,
      `  - { id: door, name: ${words('door')}, profile: bus-door, bus: doors, unit: 2, place: f1 }`,
      `  - { id: zc, name: ${words('zc')}, profile: zone-controller, bus: doors, unit: 3 }`,
      'compartments:',
      `  - id: ${o.compartment ?? 'c1'}`,
      `    name: ${words('comp')}`,
      '    zones: [z]\n    panel: panel\n    witnesses: [l1_w1_fire, l1_w2_fire, l1_cpw_fire]',
      '    panelNormal: { point: fire, value: false }',
      '    linkages:',
      `      - { id: exit, name: ${words('exit')}, device: door, point: lock_cmd, value: false, feedback: { point: locked, value: false }, feedbackLimitMs: ${o.feedbackLimitMs ?? 3000} }`,
      ...(o.more ? [o.more] : []),
      '',
    ].join('\n'),
    catalogue,
  )
