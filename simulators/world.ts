import { detectorPoints } from '#contract/pointRoles'
import type { Catalogue } from '#contract/profile'
import type { Site } from '#contract/site'
import { stepAhu, stepZone, type Weather } from './physics/air.ts'
import { stepDoor, stepGate, stepPanel } from './physics/doorsAndGates.ts'
import { stepMeter, stepPlant } from './physics/plant.ts'
import { carsPerHour, localHours, outdoorTemperature, steady, wetBulb } from './physics/weather.ts'
import { stepWires } from './physics/wires.ts'
import { SimDevice } from './simDevice.ts'

export type World = {
  devices: ReadonlyMap<string, SimDevice>
  /** Moves everything on by `dtS` wall seconds to the wall time `now`. */
  step(now: number, dtS: number): void
  /** Lets the building have stood there for a while before `now`, its air run in the centre's hours as every day. */
  settle(now: number): void
  /** Whether a fire panel is in alarm. */
  inFire(): boolean
}

const warmUpS = 18 * 3600
const warmUpStepS = 120

/** What has counted for years before the simulation begins. */
const counters = ['energy', 'run-hours', 'cooling-energy', 'starts', 'chiller-1-hours', 'chiller-2-hours'] as const

const startEnergy = (device: SimDevice) => {
  for (const role of counters) {
    const key = device.keyOf(role)
    if (key !== undefined) device.set(role, Math.round(steady(`${device.id}-${key}`) * 40_000))
  }
  device.set('room-temperature', 24.5 + steady(device.id))
}

/** UTC offset of the site in ms at an instant. */
const offsetsOf = (timeZone: string) => {
  // To make one costs more than to ask it.
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
  return (now: number): number => {
    const text = format.formatToParts(now).find(p => p.type === 'timeZoneName')
    const match = /GMT([+-])(\d+):?(\d+)?/.exec(text?.value ?? '')
    return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0)) * 60_000 : 0
  }
}

/** All devices of a site and the physics between them, in the order in which cause meets effect. */
export const makeWorld = (site: Site, catalogue: Catalogue, random: () => number = Math.random): World => {
  const devices = new Map<string, SimDevice>()
  for (const d of site.devices) {
    const profile = catalogue.get(d.profile)
    if (!profile) throw new Error(`no profile '${d.profile}'`)
    const device = new SimDevice(d, profile)
    startEnergy(device)
    devices.set(d.id, device)
  }
  const all = [...devices.values()]
  const memory = new Map<string, number>()
  const offsetOf = offsetsOf(site.timeZone)
  const feeders = (fed: (id: string) => boolean) => all.filter(d => d.profile.runs && d.site.feeds.some(fed))
  const controllers = new Set(site.zones.map(z => z.controller))
  const ahus = feeders(id => controllers.has(id))
  const plants = feeders(id => ahus.some(a => a.id === id))
  const feederOf = (id: string) => ahus.find(a => a.site.feeds.includes(id))
  const zones = site.zones.flatMap(z => {
    const controller = devices.get(z.controller)
    const meter = all.find(m => m.site.place === z.id && m.keyOf('energy') !== undefined)
    return controller ? [{ zone: z, controller, meter, ahu: feederOf(z.controller) }] : []
  })
  const doors = all.filter(d => d.keyOf('lock') !== undefined)
  const gates = all.filter(d => d.keyOf('arm') !== undefined)
  const panels = [...new Set(site.compartments.map(c => c.panel))]
    .flatMap(id => devices.get(id) ?? [])
    .map(panel => ({ panel, said: detectorPoints(panel.profile, [...panel.profile.points.keys()]) }))
  let cooling = 0

  const step = (now: number, dtS: number) => {
    const { hour, day } = localHours(now, offsetOf(now))
    const weather: Weather = { hour, day, outdoor: outdoorTemperature(hour), wetBulb: wetBulb(hour) }
    for (const plant of plants) stepPlant(plant, cooling, weather, memory, dtS)
    const supplies = new Map(
      ahus.map(ahu => {
        const fed = zones.filter(z => z.ahu === ahu).map(z => z.controller)
        const plant = plants.find(p => p.site.feeds.includes(ahu.id)) ?? ahu
        return [ahu, stepAhu(ahu, fed, plant, weather, memory, dtS)]
      }),
    )
    cooling = 0
    for (const { zone, controller, meter, ahu } of zones) {
      const supply = (ahu && supplies.get(ahu)) ?? { running: false, temperature: weather.outdoor }
      const { kw, coolingKw } = stepZone(controller, zone.areaM2, supply, weather, memory, dtS)
      cooling += coolingKw
      if (meter) stepMeter(meter, kw, coolingKw, dtS)
    }
    for (const door of doors) stepDoor(door, memory, dtS)
    for (const gate of gates) stepGate(gate, carsPerHour(hour, day) / gates.length, random, memory, dtS)
    for (const { panel, said } of panels) stepPanel(panel, said)
    stepWires(site, devices, memory, dtS)
    for (const d of devices.values()) if (d.profile.clock) d.setPoint(d.profile.clock.point, Math.floor(now / 1000))
  }
  const settle = (now: number) => {
    const hourOf = (text: string) => Number(text.slice(0, 2)) + Number(text.slice(3)) / 60
    const [opens, closes] = [hourOf(site.centreHours.from), hourOf(site.centreHours.to)]
    for (let back = warmUpS; back >= 0; back -= warmUpStepS) {
      const at = now - back * 1000
      const { hour } = localHours(at, offsetOf(at))
      const open = hour >= opens && hour < closes
      for (const { zone, controller } of zones) controller.set('command', open || site.alwaysOn.includes(zone.id))
      for (const ahu of ahus) ahu.set('command', open || ahu.site.feeds.some(f => devices.get(f)?.on('command')))
      for (const plant of plants)
        plant.set(
          'command',
          ahus.some(a => a.on('command')),
        )
      step(at, back === 0 ? 1 : warmUpStepS)
    }
  }
  return { devices, step, settle, inFire: () => panels.some(p => p.panel.on('any-fire')) }
}
