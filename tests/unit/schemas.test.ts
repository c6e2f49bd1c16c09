import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseSite } from '#contract/parseSite'
import { fileSchemas } from '#contract/schemas'
import { packageRoot } from '#program/environment'
import { catalogue } from '../harness/demoBuilding.ts'

const folder = join(packageRoot, 'edge-agent', 'schemas')
const yaml = (path: string) => readFileSync(join(packageRoot, path), 'utf8')
const validatorOf = (name: string) =>
  new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object)

it('the schemas that editors read are those that the parser takes (npm run schemas)', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(fileSchemas).sort())
  for (const [name, schema] of Object.entries(fileSchemas))
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8')), name).toEqual(JSON.parse(JSON.stringify(schema())))
})

it('the demo site and every profile are good by them, and name the one that is theirs', () => {
  const site = validatorOf('site.schema.json')
  expect(site(parse(yaml('simulators/sites/demo.yaml'))), JSON.stringify(site.errors)).toBe(true)
  expect(yaml('simulators/sites/demo.yaml')).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/\.\.\/edge-agent\/schemas\/site\.schema\.json\n/,
  )
  const profile = validatorOf('profile.schema.json')
  for (const file of readdirSync(join(packageRoot, 'edge-agent/profiles'))) {
    const text = yaml(`edge-agent/profiles/${file}`)
    expect(profile(parse(text)), `${file} ${JSON.stringify(profile.errors)}`).toBe(true)
    expect(text, file).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/profile\.schema\.json\n/)
  }
})

it('they mark what the parser would refuse for its shape', () => {
  const site = validatorOf('site.schema.json')
  const broken = (change: (file: { devices: Record<string, unknown>[]; buses: Record<string, unknown>[] }) => unknown) => {
    const file = parse(yaml('simulators/sites/demo.yaml'))
    change(file)
    return site(file)
  }
  expect(broken(f => Object.assign(f.devices[0] ?? {}, { profil: 'ahu' }))).toBe(false)
  expect(broken(f => delete f.devices[0]?.['profile'])).toBe(false)
  expect(broken(f => Object.assign(f.devices[0] ?? {}, { unit: 300 }))).toBe(false)
  expect(broken(f => Object.assign(f.buses[0] ?? {}, { protocol: 'bacnet' }))).toBe(false)
  expect(broken(f => Object.assign(f.buses[0] ?? {}, { port: 502 }))).toBe(true)
})

it('a port needs no quotes', () => {
  const text = yaml('simulators/sites/demo.yaml').replace(/port: env:[A-Z0-9_:]+/, 'port: 502')
  const { site, problems } = parseSite({ file: 'site.yaml', text }, catalogue)
  expect(problems).toEqual([])
  expect(site?.buses.some(b => 'port' in b && b.port === '502')).toBe(true)
})
