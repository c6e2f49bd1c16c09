import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { uncovered } from '#contract/coverage'
import { parseSite, resolveSetting } from '#contract/parseSite'
import { parseProfile } from '#contract/profile'
import { problemLine } from '#contract/yamlSource'
import { packageRoot, readEnvironment } from '#program/environment'
import { readCatalogue } from '#program/siteFiles'

const demo = readFileSync(join(packageRoot, 'simulators/sites/demo.yaml'), 'utf8')
const profiles = readEnvironment({}).ZHIBAN_PROFILES
const catalogue = readCatalogue(profiles)
const problemsOf = (text: string) => parseSite({ file: 'site.yaml', text }, catalogue).problems
const change = (from: string | RegExp, to: string) => {
  const changed = demo.replace(from, to)
  if (changed === demo) throw new Error(`nothing to change: ${from}`)
  return changed
}

it('the demo tower is good', () => {
  const { site, problems } = parseSite({ file: 'demo.yaml', text: demo }, catalogue)
  expect(problems).toEqual([])
  expect(site?.devices.length).toBeGreaterThan(100)
  expect(site?.zones).toHaveLength(40)
})

it('the coverage check names a door, a barrier and an air handler that no linkage covers', () => {
  const names = (text: string) => {
    const { site } = parseSite({ file: 'site.yaml', text }, catalogue)
    return site ? uncovered(site, catalogue).map(u => u.device) : ['broken']
  }
  expect(names(demo)).toEqual([])
  expect(names(change(/notAtFire: 屋面[^\n]*\n/, ''))).toEqual(['d-roof'])
  expect(
    names(demo.replace(/^ {2}barriers:\n[\s\S]*?(?=^ {2}wire-ahu-1)/m, '').replaceAll('ground-exits, barriers', 'ground-exits')),
  ).toEqual(['gate-in-a', 'gate-in-b', 'gate-out-a', 'gate-out-b'])
  expect(names(demo.replaceAll(/(device: ahu-3,\s+point: fan_cmd,\s+value: )false/g, '$1true'))).toEqual(['ahu-3'])
})

describe('ten kinds of broken site file, each named with line, column and path', () => {
  const broken: [string, string, RegExp][] = [
    ['not YAML', change('floors:', 'floors: ]'), /^site\.yaml:\d+:\d+ /],
    ['an unknown key', change('demo: true', 'demoo: true'), /demoo.*unknown key 'demoo'/],
    ['a missing section', change(/^buses:[\s\S]*?(?=^floors:)/m, ''), /buses: is missing/],
    ['a secret in clear text', change('password: env:ZHIBAN_AGENT_MQTT_PASSWORD', 'password: hunter2'), /password.*env:NAME/],
    ['an id used twice', change('{ id: f2, name', '{ id: f1, name'), /'f1' is used twice/],
    [
      'a zone on a floor that is not there',
      change('floor: f12, side: east', 'floor: f99, side: east'),
      /there is no floor 'f99'/,
    ],
    ['two devices with one address', change(/(id: ahu-5,[^}]*})([^}]*unit: )5/, '$1$24'), /is already 'ahu-4'/],
    ['feeds in a circle', change(/feeds: \[\s*zc-1w/, 'feeds: [plant, zc-1w'), /feeds go in a circle/],
    [
      'a linkage to a point that cannot be written',
      change(/point: lock_cmd/, 'point: locked'),
      /'d-lobby-w\/locked' cannot be written/,
    ],
    ['an unknown time zone', change('Asia/Shanghai', 'Asia/Shanghigh'), /no IANA time zone/],
    ['an unknown profile', change('profile: fire-panel', 'profile: fire-pannel'), /there is no profile 'fire-pannel'/],
    [
      'an interlock on a point that cannot be written',
      change('point: fan_cmd,\n      hold', 'point: sat,\n      hold'),
      /'ahu-1\/sat' cannot be written/,
    ],
    [
      'an interlock whose condition is nowhere',
      change('unless: { point: vfd_flt', 'unless: { point: vfd'),
      /'ahu-1' has no point 'vfd'/,
    ],
    ['an interlock that holds a fan at 3', change('hold: false', 'hold: 3'), /is binary: 3 does not fit/],
    ['a witness that the panel has not', change('l12_e3_fire', 'l12_e9_fire'), /has no point 'l12_e9_fire'/],
  ]
  for (const [name, text, expected] of broken)
    it(name, () => {
      const lines = problemsOf(text).map(problemLine)
      expect(
        lines.some(l => expected.test(l)),
        lines.slice(0, 5).join('\n'),
      ).toBe(true)
    })
  it('all problems are told at once, in the order of the file', () => {
    const problems = problemsOf(
      change('floor: f12, side: east', 'floor: f99, side: east').replace(/(id: ahu-5,[^}]*})([^}]*unit: )5/, '$1$24'),
    )
    expect(problems.length).toBeGreaterThanOrEqual(2)
    expect(problems.map(p => p.line)).toEqual(problems.map(p => p.line).toSorted((a, b) => a - b))
  })
  it('the line is the line of the fault', () => {
    const text = change('floor: f12, side: east', 'floor: f99, side: east')
    const line = text.split('\n').findIndex(l => l.includes('floor: f99')) + 1
    expect(problemsOf(text)[0]).toMatchObject({ line, path: expect.stringContaining('floor') })
  })
})

describe('profiles', () => {
  it('states its evidence, and every alarm names a point', () => {
    for (const p of catalogue.values()) {
      expect(p.evidence).toBe('synthetic')
      for (const a of p.alarms.values()) expect(p.points.has(a.point)).toBe(true)
    }
  })
  it('expands a series: twenty loops of the fire panel', () => {
    const panel = catalogue.get('fire-panel')
    expect(panel?.points.get('l20_cpe_fire')?.register).toMatchObject({ address: 299, bit: 0 })
    expect(panel?.alarms.get('l12_e3_fire')).toMatchObject({ level: 1, kind: 'fire' })
  })
  it('a heartbeat needs a register that nobody else writes, and a clock an analog point', () => {
    const text = [
      'profile: x\nversion: 1\nprotocol: modbus\nname: {zh: x, en: x}\nevidence: synthetic',
      'clock: { point: b, limitS: 10 }\nheartbeat: { point: b, everyMs: 1000, timeoutMs: 3000, fallback: { c: 1 } }',
      'points:\n  b: {name: {zh: b, en: b}, kind: binary, register: {table: coil, address: 0}}\n',
    ].join('\n')
    expect(parseProfile({ file: 'x.yaml', text }).problems.map(p => p.message)).toEqual([
      "there is no analog point 'b'",
      'a heartbeat needs a holding register of type u16 that nobody else writes',
      "there is no point 'c'",
    ])
  })
  it('says what is wrong with a profile', () => {
    const text =
      'profile: x\nversion: 1\nprotocol: modbus\nname: {zh: x, en: x}\nevidence: synthetic\npoints:\n  a: {name: {zh: a, en: a}, kind: analog}\n'
    expect(parseProfile({ file: 'x.yaml', text }).problems.map(p => p.message)).toContain('a Modbus point needs a register')
  })
})

it('settings come from the environment or their default', () => {
  expect(resolveSetting('env:A_B:12', {})).toBe('12')
  expect(resolveSetting('env:A_B:12', { A_B: '13' })).toBe('13')
  expect(resolveSetting('env:A_B', {})).toBeUndefined()
  expect(resolveSetting('10.0.0.1', {})).toBe('10.0.0.1')
  expect(resolveSetting('env:URL:mqtt://h:1', {})).toBe('mqtt://h:1')
})
