import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type KnownPoint, knownPoints } from './knownValues.ts'

/** One Modbus port with what is on it: the hostile device alone, or beside a healthy one. */
export type LanePlan = { bus: string; device: string; neighbour: string | undefined; port: number }

export const siteId = 'faults'
export const agentId = 'tower'

const words = (text: string) => `{zh: ${text}, en: ${text}}`

const pointLine = (p: KnownPoint) => {
  const binary = p.bit !== undefined || p.type === 'bool'
  const register = [
    `table: ${p.table}`,
    `address: ${p.address}`,
    `type: ${p.type}`,
    ...(p.bit === undefined ? [] : [`bit: ${p.bit}`]),
    ...(p.scale === undefined ? [] : [`scale: ${p.scale}`]),
  ]
  const parts = [
    `name: ${words(p.key)}`,
    `kind: ${binary ? 'binary' : 'analog'}`,
    `poll: ${p.poll}`,
    ...(p.group ? [`group: ${p.group}`] : []),
    ...(p.group === 'meter' ? ['counts: true'] : []),
    `register: {${register.join(', ')}}`,
    ...(p.group === 'command' ? ['write: {relinquishDefault: false}'] : []),
  ]
  return `  ${p.key}: {${parts.join(', ')}}`
}

const profileText = () =>
  [
    'profile: known',
    'version: 1',
    'protocol: modbus',
    `name: ${words('known values')}`,
    'evidence: synthetic',
    'runs: {command: c0, feedback: c0}',
    'clock: {point: clock, limitS: 5}',
    'points:',
    ...knownPoints.map(pointLine),
    'alarms:',
    `  b0: {point: b0, equals: true, level: 3, kind: fault, name: ${words('b0')}}`,
    '',
  ].join('\n')

const siteText = (lanes: readonly LanePlan[]) =>
  [
    `site: ${siteId}`,
    `name: ${words('Faults')}`,
    'timeZone: Asia/Shanghai',
    'centreHours: {from: "07:00", to: "19:00"}',
    'console: {user: console, password: env:ZHIBAN_CONSOLE_MQTT_PASSWORD}',
    `floors: [{id: f1, name: ${words('1F')}, order: 1}]`,
    `zones: [{id: z1, name: ${words('1F')}, floor: f1, side: west, controller: ${lanes[0]?.device}, areaM2: 100}]`,
    `agents: [{id: ${agentId}, name: ${words('Tower')}, user: agent-tower, password: env:ZHIBAN_AGENT_MQTT_PASSWORD}]`,
    'buses:',
    ...lanes.map(
      l =>
        `  - {id: ${l.bus}, name: ${words(l.bus)}, agent: ${agentId}, protocol: modbus-tcp, host: 127.0.0.1, port: "${l.port}"}`,
    ),
    'devices:',
    ...lanes.flatMap(l =>
      [l.device, l.neighbour].flatMap((id, i) =>
        id ? [`  - {id: ${id}, name: ${words(id)}, profile: known, bus: ${l.bus}, unit: ${i + 1}, place: f1}`] : [],
      ),
    ),
    '',
  ].join('\n')

/** Writes the site and its one profile into a folder of their own. */
export const writeFaultySite = (lanes: readonly LanePlan[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-faults-'))
  const profiles = join(folder, 'profiles')
  mkdirSync(profiles)
  writeFileSync(join(profiles, 'known.yaml'), profileText())
  const site = join(folder, 'site.yaml')
  writeFileSync(site, siteText(lanes))
  return { site, profiles, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
