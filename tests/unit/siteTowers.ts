import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type ProfileFile, profileFile } from '#contract/profileFile'
import { type Site, siteFile } from '#contract/site'
import { packageRoot, readEnvironment } from '#program/environment'

const words = (text: string) => ({ zh: text, en: text })

/** The demo tower and beside it an annex with an agent of its own, so that there is somebody else's device to name. */
const demo: Site = (() => {
  const site = siteFile.parse(parse(readFileSync(join(packageRoot, 'simulators/sites/demo.yaml'), 'utf8')))
  site.agents.push({ id: 'annex', name: words('annex'), user: 'agent-annex', password: 'env:ANNEX' })
  const bus = { agent: 'annex', protocol: 'modbus-tcp', host: '10.0.0.9', port: '502' } as const
  site.buses.push({ ...bus, id: 'bus-annex', name: words('bus-annex') })
  for (const [i, [id, profile]] of Object.entries({
    'ahu-x': 'ahu',
    'panel-x': 'fire-panel',
    'zc-x': 'zone-controller',
  }).entries())
    site.devices.push({ id, name: words(id), profile, bus: 'bus-annex', unit: i + 1, notAtFire: 'elsewhere', feeds: [] })
  return site
})()

const lowFloors = ['b1', 'f1', 'f2', 'f3', 'f4']

/** The lowest floors of the same tower, which take a quarter of the time to read. */
const low: Site = (() => {
  const site = structuredClone(demo)
  site.floors = site.floors.filter(f => lowFloors.includes(f.id))
  site.zones = site.zones.filter(z => lowFloors.includes(z.floor))
  site.compartments = site.compartments.slice(0, 4)
  const places = new Set([...lowFloors, ...site.zones.map(z => z.id)])
  site.devices = site.devices.filter(d => d.place === undefined || places.has(d.place))
  for (const d of site.devices) d.feeds = d.feeds.filter(fed => site.devices.some(other => other.id === fed))
  site.units = site.units.filter(u => u.zones.every(z => places.has(z)))
  return site
})()

/** A tower to change: every tenth is the whole one. */
export const tower = (number: number): Site => structuredClone(number % 10 === 0 ? demo : low)

const folder = readEnvironment({}).ZHIBAN_PROFILES
const profiles = new Map(
  readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .map(name => profileFile.parse(parse(readFileSync(join(folder, name), 'utf8'))))
    .map(p => [p.profile, p] as const),
)

export const profileNamed = (name: string): ProfileFile => {
  const found = profiles.get(name)
  if (!found) throw new Error(`there is no profile '${name}'`)
  return structuredClone(found)
}

/** Chances that are the same every time for the same number. */
export class Chance {
  #state: number
  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1)
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let x = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) % limit
  }

  /** One of a list that fits, with its position. */
  one<T>(list: readonly T[], fits: (item: T) => boolean = () => true): [index: number, item: T] {
    const fitting = [...list.entries()].filter(([, item]) => fits(item))
    const found = fitting[this.below(fitting.length)]
    if (!found) throw new Error('there is none that fits')
    return found
  }

  /** Two of a list that fit, the earlier one first. */
  two<T>(list: readonly T[], fits: (item: T) => boolean = () => true): [first: [number, T], second: [number, T]] {
    const a = this.one(list, fits)
    const b = this.one(list, item => item !== a[1] && fits(item))
    return a[0] < b[0] ? [a, b] : [b, a]
  }
}
