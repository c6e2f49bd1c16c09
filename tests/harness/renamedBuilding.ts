import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { readEnvironment } from '#program/environment'

type Node = Record<string, unknown>
const renamed = (key: unknown) => `q_${key}`
const isNode = (x: unknown): x is Node => typeof x === 'object' && x !== null && !Array.isArray(x)
/** Where a profile or a site names a point. */
const naming = ['point', 'readBack', 'input']
const keyed = ['points', 'fallback']

const withNames = (x: unknown, at = ''): unknown => {
  if (Array.isArray(x)) return at === 'witnesses' ? x.map(renamed) : x.map(v => withNames(v, at))
  if (!isNode(x)) return x
  const names = at === 'runs' ? [...naming, 'command', 'feedback'] : naming
  return Object.fromEntries(
    Object.entries(x).map(([key, value]) => [
      keyed.includes(at) ? renamed(key) : key,
      names.includes(key) && typeof value === 'string' ? renamed(value) : withNames(value, key),
    ]),
  )
}

/** A device type that nobody here knows: a fan coil, with a few points of its own names. */
const fanCoil = (box: Node): Node => {
  const points = box['points'] as Record<string, Node>
  const own = (key: string, over: object = {}) => ({ ...points[`q_${key}`], ...over })
  return {
    ...{ profile: 'fan-coil', version: 1, protocol: 'modbus', name: { zh: '风机盘管', en: 'Fan coil' }, evidence: 'synthetic' },
    runs: { command: 'fan_start', feedback: 'fan_state' },
    points: {
      fan_start: own('on_cmd', { write: { ...(points['q_on_cmd']?.['write'] as Node), readBack: 'fan_state' } }),
      fan_state: own('on_fb'),
      wanted: own('temp_sp'),
      air: own('temp'),
    },
  }
}

/** The demo tower with every point of every profile under another name, and one zone behind a new device type. */
export const renamedBuilding = (folder: string, coilOf: string): { site: string; profiles: string } => {
  const env = readEnvironment({})
  const profiles = join(folder, 'profiles')
  mkdirSync(profiles)
  const write = (name: string, profile: unknown) => writeFileSync(join(profiles, name), stringify(profile))
  for (const name of readdirSync(env.ZHIBAN_PROFILES)) {
    const profile = withNames(parse(readFileSync(join(env.ZHIBAN_PROFILES, name), 'utf8'))) as Node
    write(name, profile)
    if (profile['profile'] === 'zone-controller') write('fan-coil.yaml', fanCoil(profile))
  }
  const site = withNames(parse(readFileSync(env.ZHIBAN_SITE, 'utf8'))) as { devices: Node[] }
  for (const d of site.devices) if (d['id'] === coilOf) d['profile'] = 'fan-coil'
  const file = join(folder, basename(env.ZHIBAN_SITE))
  const desk = env.ZHIBAN_SITE.replace(/\.yaml$/, '.desk.yaml')
  copyFileSync(desk, join(folder, basename(desk)))
  writeFileSync(file, stringify(site))
  return { site: file, profiles }
}
