import type { SimDevice } from '../simDevice.ts'
import { follow, type Weather } from './air.ts'
import { approach } from './weather.ts'

const chillerKw = 700

/** The chiller plant behind its group controller: pumps, tower, one or two machines for the load in kW of cooling. */
export const stepPlant = (plant: SimDevice, loadKw: number, weather: Weather, memory: Map<string, number>, dtS: number) => {
  const wanted = plant.on('enable_cmd') && !plant.on('ch1_flt')
  const running = follow(memory, plant.id, wanted, dtS, 12, 8)
  const second = running && loadKw > chillerKw * 0.85
  plant.set('running', running)
  for (const unit of ['ch1', 'chp1', 'cwp1', 'ct1']) plant.set(`${unit}_run`, running)
  for (const unit of ['ch2', 'chp2', 'cwp2', 'ct2']) plant.set(`${unit}_run`, second)
  const perMachine = second ? loadKw / 2 : loadKw
  const load = running ? Math.min(100, Math.max(12, (perMachine / chillerKw) * 100)) : 0
  plant.set('ch1_load', approach(plant.num('ch1_load'), load, dtS, 60))
  plant.set('ch2_load', approach(plant.num('ch2_load'), second ? load : 0, dtS, 60))
  const speed = running ? 28 + 0.2 * load : 0
  for (const [unit, on] of [
    ['chp1', running],
    ['cwp1', running],
    ['ct1', running],
    ['chp2', second],
    ['cwp2', second],
    ['ct2', second],
  ] as const)
    plant.set(`${unit}_hz`, approach(plant.num(`${unit}_hz`), on ? speed : 0, dtS, 10))
  plant.set('oat', weather.outdoor)
  plant.set('wet_bulb', weather.wetBulb)
  plant.set('chws', approach(plant.num('chws') || 18, running ? plant.num('chws_sp') : 20, dtS, running ? 150 : 7200))
  const rise = running ? 1.5 + (3.8 * load) / 100 : 0
  plant.set('chwr', approach(plant.num('chwr') || 19, plant.num('chws') + rise, dtS, 60))
  plant.set('cws', approach(plant.num('cws') || 26, running ? weather.wetBulb + 4 : weather.outdoor, dtS, 300))
  plant.set('cwr', plant.num('cws') + (running ? 4.6 : 0))
  plant.set('dp', running ? 60 + 2 * plant.num('chp1_hz') : 0)
  plant.set('flow', running ? 4.2 * plant.num('chp1_hz') * (second ? 2 : 1) : 0)
  const cop = 5.6 - Math.abs(load - 70) / 60
  const kw = running ? loadKw / cop + 14 + (second ? 12 : 0) : 0.4
  plant.set('cop', running ? Math.max(0.5, Math.min(7, loadKw / kw)) : 0)
  plant.set('kw_cool', running ? loadKw : 0)
  plant.set('kw', kw)
  plant.set('kwh', plant.num('kwh') + (kw * dtS) / 3600)
  plant.set('ct2_vib', second ? 3.1 : 0.4)
  if (running) plant.set('ch1_hours', plant.num('ch1_hours') + dtS / 3600)
  if (second) plant.set('ch2_hours', plant.num('ch2_hours') + dtS / 3600)
}

/** A meter counts what its zone takes: power in, energy summed, phases apart by a few percent. */
export const stepMeter = (meter: SimDevice, kw: number, coolingKw: number, dtS: number) => {
  const pf = 0.93
  meter.set('kw', kw)
  meter.set('kva', kw / pf)
  meter.set('kvar', kw * Math.tan(Math.acos(pf)))
  meter.set('pf', pf)
  meter.set('hz', 50)
  meter.set('kw_cool', coolingKw)
  meter.set('kw_max', Math.max(meter.num('kw_max'), kw))
  for (const [phase, share] of [
    ['a', 1.03],
    ['b', 0.99],
    ['c', 0.98],
  ] as const) {
    meter.set(`u_${phase}`, 229 + 2 * (share - 1) * 10)
    meter.set(`i_${phase}`, (kw * share * 1000) / (3 * 229 * pf))
  }
  meter.set('kwh', meter.num('kwh') + (kw * dtS) / 3600)
  meter.set('kvarh', meter.num('kvarh') + (meter.num('kvar') * dtS) / 3600)
  meter.set('kwh_cool', meter.num('kwh_cool') + (coolingKw * dtS) / 3600)
  meter.set('ct_ratio', 60)
}
