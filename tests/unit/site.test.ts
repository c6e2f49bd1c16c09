import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { uncovered } from '#contract/coverage'
import { parseSite, resolveSetting } from '#contract/parseSite'
import { type Profile, type ProfilePoint, parseProfile } from '#contract/profile'
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

describe('a number without quotes where a text is asked for', () => {
  it('is the text that was written: a port, a telephone with its leading zero, a name', () => {
    const text = demo
      .replace('port: env:ZHIBAN_BUS_HVAC_PORT:15020', 'port: 502')
      .replace('phone: "119"', 'phone: 0871')
      .replace('zh: 1401 室, en: Unit 1401', 'zh: 1401, en: 014.10')
    const { site, problems } = parseSite({ file: 'site.yaml', text }, catalogue)
    expect(problems).toEqual([])
    expect(site?.buses[0]).toMatchObject({ port: '502' })
    expect(site?.plans.flatMap(p => p.contacts).map(c => c.phone)).toContain('0871')
    expect(site?.units.find(u => u.id === 'u14w')?.name).toEqual({ zh: '1401', en: '014.10' })
  })

  it('is refused as any other text where it does not fit, at its place, and hides nothing else', () => {
    const text = change('password: env:ZHIBAN_AGENT_MQTT_PASSWORD', 'password: 12345').replace('demo: true', 'demo: 1')
    expect(problemsOf(text).map(p => `${p.path}: ${p.message}`)).toEqual([
      expect.stringMatching(/^demo: /),
      expect.stringMatching(/password: a secret is never written here/),
    ])
  })
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

/** The demo with an annex that has an agent, an air handler and a panel of its own. */
const annexed = (text: string) => {
  const words = 'name: { zh: 附楼, en: Annex }'
  const agent = `  - { id: annex, ${words}, user: agent-annex, password: env:ANNEX }\n`
  const bus = `  - { id: bus-annex, ${words}, agent: annex, protocol: modbus-tcp, host: 10.0.0.9, port: "502" }\n`
  const device = (id: string, profile: string, unit: number) =>
    `  - { id: ${id}, ${words}, profile: ${profile}, bus: bus-annex, unit: ${unit}, notAtFire: elsewhere }\n`
  return text
    .replace('agents:\n', `agents:\n${agent}`)
    .replace('buses:\n', `buses:\n${bus}`)
    .replace('devices:\n', `devices:\n${device('ahu-x', 'ahu', 1)}${device('panel-x', 'fire-panel', 2)}`)
}

describe('what is of the right shape and makes no sense is refused', () => {
  const air = /(id: air,[^}]*}\s*,\s*device: ahu-1,\s+point: fan_cmd,\s+value: )false/
  const senseless: [string, string, RegExp][] = [
    ["a linkage on another agent's device", change(/(id: air,[^}]*},\s+device: )ahu-1/, '$1ahu-x'), /do not cross agents/],
    ["a panel of another agent's", change('panel: fire-panel', 'panel: panel-x'), /panel: panel 'panel-x'.*do not cross agents/],
    [
      "an interlock condition on another agent's device",
      change('unless: { point: vfd_flt', 'unless: { point: ahu-x/vfd_flt'),
      /unless\.point: 'ahu-x' belongs to another agent/,
    ],
    ['opposite wishes', change(air, '$1true'), /wants true of 'ahu-1\/fan_cmd', but .* wants false; give each a rank/],
    ['the same detector twice', change('[l1_w1_fire, l1_w2_fire', '[l1_w1_fire, l1_w1_fire'), /'l1_w1_fire' stands twice/],
    ['the fault bit as a witness', change('l1_w2_fire', 'l1_w1_fault'), /the detector is faulty, not that there is a fire/],
    ['the shield bit as a witness', change('l1_w2_fire', 'l1_w1_shield'), /the detector is shielded/],
    ['the summary bit as a witness', change('[l1_w1_fire', '[fire'), /'fire-panel\/fire' is no detector's own signal/],
    ['a value of the wrong type', change(air, '$11'), /value: linkage 'air': 'ahu-1\/fan_cmd' is binary: 1 does not fit/],
    ['a value out of range', change('hold: 0', 'hold: 101'), /hold: 'ahu-1\/oad_cmd' takes 0 to 100: 101 is out of range/],
    ['one MQTT account for two devices', change('user: d-3,', 'user: d-2,'), /'d-2' is already that of device 'd-2'/],
    ['a prefix beneath another', change('prefix: doors/d-3', 'prefix: doors/d-2/lock'), /lies beneath 'doors\/d-2' of 'd-2'/],
  ]
  for (const [name, text, expected] of senseless)
    it(name, () => {
      const lines = problemsOf(annexed(text)).map(problemLine)
      expect(
        lines.some(l => expected.test(l) && /^site\.yaml:\d+:\d+ \S+: /.test(l)),
        lines.slice(0, 5).join('\n'),
      ).toBe(true)
    })
  it('the annex alone is good, and so are opposite wishes with ranks, and a detector that is witness of two compartments', () => {
    expect(problemsOf(annexed(demo))).toEqual([])
    const ranked = demo.replaceAll(/(device: ahu-1,\s+point: fan_cmd,\s+value: false,)/g, '$1 rank: 2,')
    expect(problemsOf(ranked.replace(/(device: ahu-1,\s+point: fan_cmd,\s+value: )false, rank: 2/, '$1true, rank: 1'))).toEqual(
      [],
    )
    expect(problemsOf(change('[l2_w1_fire', '[l1_w1_fire, l2_w1_fire'))).toEqual([])
  })
  it('two signals of one detector are one witness', () => {
    const panel = catalogue.get('fire-panel') as Profile
    const heat = { ...(panel.points.get('l1_w1_fire') as ProfilePoint) }
    const combined = { ...panel, points: new Map([...panel.points, ['l1_w1_heat', heat] as const]) }
    const text = change('[l1_w1_fire, l1_w2_fire', '[l1_w1_fire, l1_w1_heat')
    const { problems } = parseSite({ file: 'site.yaml', text }, new Map([...catalogue, ['fire-panel', combined]]))
    expect(problems.map(p => p.message)).toEqual([
      "'l1_w1_heat' and 'l1_w1_fire' are one detector 'l1_w1'; a second witness is another one",
    ])
  })
})

describe('problems of shape and of sense are reported together, and nothing that only follows from them', () => {
  const pathsOf = (text: string) => problemsOf(text).map(p => p.path)
  it('one broken device hides nothing elsewhere', () => {
    const text = change('unit: 10,\n', 'unit: 900,\n').replace('hold: 0', 'hold: 101').replace('areaM2: 540', 'area: 540')
    expect(pathsOf(text)).toEqual(['zones.0.areaM2', 'zones.0.area', 'devices.0.unit', 'interlocks.1.hold'])
  })
  it('what is broken is there all the same: feeds, zones, linkages and panels may name it', () => {
    expect(pathsOf(change(/unit: 1,(\s+)feeds: \[zc-1w/, 'unit: one,$1feeds: [zc-1w'))).toEqual(['devices.1.unit'])
    expect(pathsOf(change('watch: { quietH: 72 }', 'watch: { quiet: 72 }'))).toEqual(['devices.6.watch.quiet'])
    expect(pathsOf(change('floor: f1, side: west', 'floor: f1, side: south'))).toEqual(['zones.0.side'])
    expect(pathsOf(change('protocol: mqtt', 'protocol: mqtt5'))).toEqual(['buses.5.protocol'])
  })
  it('what comes after something broken is told at its own line', () => {
    const text = change('unit: 10,\n', 'unit: 900,\n').replace('prefix: doors/d-3', 'prefix: doors/d-2')
    const line = text.split('\n').findLastIndex(l => /prefix: doors\/d-2,/.test(l)) + 1
    expect(problemsOf(text).at(-1)).toMatchObject({ line, message: expect.stringContaining('prefix is already that of') })
  })
  it('a section that is missing is missed once', () => {
    expect(pathsOf(change(/^buses:[\s\S]*?(?=^floors:)/m, ''))).toEqual(['buses'])
    expect(pathsOf(change(/^devices:[\s\S]*?(?=^# What must be so)/m, 'devices: none\n'))).toEqual(['devices'])
  })
  it('a key that stands twice lets the rest be looked at', () => {
    const messages = problemsOf(change('demo: true', 'demo: true\ndemo: true').replace('hold: 0', 'hold: 101')).map(
      p => p.message,
    )
    expect(messages).toEqual([expect.stringContaining('stands twice'), expect.stringContaining('101 is out of range')])
  })
  it('an alias of nothing is a problem with a line, not a crash', () => {
    expect(problemsOf(change('timeZone: Asia/Shanghai', 'timeZone: *zone'))[0]?.message).toMatch(/zone/)
  })
})

it('check:site names all problems and ends with 1; a file that is not there is told what to do', () => {
  const run = (file: string) =>
    spawnSync(process.execPath, ['--conditions=source', '--import', 'tsx', 'edge-agent/checkSite.ts', file], {
      cwd: packageRoot,
      encoding: 'utf8',
    })
  const file = join(mkdtempSync(join(tmpdir(), 'zhiban-site-')), 'site.yaml')
  writeFileSync(file, change('unit: 10,\n', 'unit: 900,\n').replace('hold: 0', 'hold: 101'))
  const broken = run(file)
  expect(broken.status).toBe(1)
  expect(broken.stdout).toMatch(
    /^site\.yaml:\d+:\d+ devices\.0\.unit: .*\nsite\.yaml:\d+:\d+ interlocks\.1\.hold: .*\n.*: 2 problems\n$/,
  )
  const missing = run(`${file}.old`)
  expect(missing.status).toBe(1)
  expect(missing.stdout).toMatch(
    /site\.yaml\.old.*name a site file, such as: npm run check:site -- simulators\/sites\/demo\.yaml/,
  )
  expect(run('simulators/sites/demo.yaml')).toMatchObject({ status: 0, stdout: expect.stringContaining('good') })
})

describe('profiles', () => {
  it('states its evidence, and every alarm names a point', () => {
    for (const p of catalogue.values()) {
      // Whatever is not ours names the paper that it was read from.
      expect(p.evidence).toBe(p.profile === 'eastron-sdm630' ? 'datasheet' : 'synthetic')
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
  it('says problems of shape and of sense of a profile together, each once', () => {
    const text = readFileSync(join(profiles, 'fire-panel.yaml'), 'utf8')
      .replace('role: fire\n', 'role: fired\n')
      .replace(/ +detector: "l\{n\}_w2"\n/, '')
      .replace('limitS: 60', 'limitS: 60, limit: 5')
    const { problems } = parseProfile({ file: 'x.yaml', text })
    expect(problems.map(p => p.path)).toEqual([
      'clock.limit',
      'series.0.points.l{n}_w1_fire.role',
      'series.0.points.l{n}_w2_fire.role',
    ])
  })
  it('a value between two steps that the tolerance does not allow for cannot be met', () => {
    const text = [
      'profile: x\nversion: 1\nprotocol: modbus\nname: {zh: x, en: x}\nevidence: synthetic\npoints:',
      '  a:\n    name: {zh: a, en: a}\n    kind: analog\n    register: {table: holding, address: 0, type: u16, scale: 0.5}',
      '    write: {relinquishDefault: 20.2}\n',
    ].join('\n')
    expect(parseProfile({ file: 'x.yaml', text }).problems).toMatchObject([
      { line: 11, column: 32, message: 'the point moves in steps of 0.5: 20.2 cannot be met; write 20' },
    ])
  })
})

it('settings come from the environment or their default', () => {
  expect(resolveSetting('env:A_B:12', {})).toBe('12')
  expect(resolveSetting('env:A_B:12', { A_B: '13' })).toBe('13')
  expect(resolveSetting('env:A_B', {})).toBeUndefined()
  expect(resolveSetting('10.0.0.1', {})).toBe('10.0.0.1')
  expect(resolveSetting('env:URL:mqtt://h:1', {})).toBe('mqtt://h:1')
})
