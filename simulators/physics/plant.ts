import type { SimDevice } from '../simDevice.ts'
import { follow, type Weather } from './air.ts'
import { approach } from './weather.ts'

const chillerKw = 700

/** The chiller plant behind its group controller: pumps, tower, one or two machines for the load in kW of cooling. */
export const stepPlant = (plant: SimDevice, loadKw: number, weather: Weather, memory: Map<string, number>, dtS: number) => {
  const wanted = plant.on('command') && !plant.on('chiller-1-fault')
  const running = follow(memory, plant.id, wanted, dtS, 12, 8)
  const second = running && loadKw > chillerKw * 0.85
  plant.set('running', running)
  for (const unit of ['chiller-1', 'chilled-pump-1', 'condenser-pump-1', 'tower-1'] as const)
    plant.set(`${unit}-running`, running)
  for (const unit of ['chiller-2', 'chilled-pump-2', 'condenser-pump-2', 'tower-2'] as const) plant.set(`${unit}-running`, second)
  const perMachine = second ? loadKw / 2 : loadKw
  const load = running ? Math.min(100, Math.max(12, (perMachine / chillerKw) * 100)) : 0
  plant.set('chiller-1-load', approach(plant.num('chiller-1-load'), load, dtS, 60))
  plant.set('chiller-2-load', approach(plant.num('chiller-2-load'), second ? load : 0, dtS, 60))
  const speed = running ? 28 + 0.2 * load : 0
  for (const [unit, on] of [
    ['chilled-pump-1', running],
    ['condenser-pump-1', running],
    ['tower-1', running],
    ['chilled-pump-2', second],
    ['condenser-pump-2', second],
    ['tower-2', second],
  ] as const)
    plant.set(`${unit}-speed`, approach(plant.num(`${unit}-speed`), on ? speed : 0, dtS, 10))
  plant.set('outdoor-temperature', weather.outdoor)
  plant.set('wet-bulb-temperature', weather.wetBulb)
  plant.set(
    'chilled-supply-temperature',
    approach(
      plant.num('chilled-supply-temperature') || 18,
      running ? plant.num('chilled-supply-set-point') : 20,
      dtS,
      running ? 150 : 7200,
    ),
  )
  const rise = running ? 1.5 + (3.8 * load) / 100 : 0
  plant.set(
    'chilled-return-temperature',
    approach(plant.num('chilled-return-temperature') || 19, plant.num('chilled-supply-temperature') + rise, dtS, 60),
  )
  plant.set(
    'condenser-supply-temperature',
    approach(plant.num('condenser-supply-temperature') || 26, running ? weather.wetBulb + 4 : weather.outdoor, dtS, 300),
  )
  plant.set('condenser-return-temperature', plant.num('condenser-supply-temperature') + (running ? 4.6 : 0))
  plant.set('differential-pressure', running ? 60 + 2 * plant.num('chilled-pump-1-speed') : 0)
  plant.set('chilled-flow', running ? 4.2 * plant.num('chilled-pump-1-speed') * (second ? 2 : 1) : 0)
  const cop = 5.6 - Math.abs(load - 70) / 60
  const kw = running ? loadKw / cop + 14 + (second ? 12 : 0) : 0.4
  plant.set('cop', running ? Math.max(0.5, Math.min(7, loadKw / kw)) : 0)
  plant.set('cooling-power', running ? loadKw : 0)
  plant.set('power', kw)
  plant.set('energy', plant.num('energy') + (kw * dtS) / 3600)
  plant.set('tower-2-vibration', second ? 3.1 : 0.4)
  if (running) plant.set('chiller-1-hours', plant.num('chiller-1-hours') + dtS / 3600)
  if (second) plant.set('chiller-2-hours', plant.num('chiller-2-hours') + dtS / 3600)
}

/** A meter counts what its zone takes: power in, energy summed, phases apart by a few percent. */
export const stepMeter = (meter: SimDevice, kw: number, coolingKw: number, dtS: number) => {
  const pf = 0.93
  meter.set('power', kw)
  meter.set('apparent-power', kw / pf)
  meter.set('reactive-power', kw * Math.tan(Math.acos(pf)))
  meter.set('power-factor', pf)
  meter.set('frequency', 50)
  meter.set('cooling-power', coolingKw)
  meter.set('power-maximum', Math.max(meter.num('power-maximum'), kw))
  for (const [phase, share] of [
    ['a', 1.03],
    ['b', 0.99],
    ['c', 0.98],
  ] as const) {
    meter.set(`voltage-${phase}`, 229 + 2 * (share - 1) * 10)
    meter.set(`current-${phase}`, (kw * share * 1000) / (3 * 229 * pf))
  }
  meter.set('energy', meter.num('energy') + (kw * dtS) / 3600)
  meter.set('reactive-energy', meter.num('reactive-energy') + (meter.num('reactive-power') * dtS) / 3600)
  meter.set('cooling-energy', meter.num('cooling-energy') + (coolingKw * dtS) / 3600)
  meter.set('transformer-ratio', 60)
}
