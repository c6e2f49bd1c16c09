import type { SimDevice } from '../simDevice.ts'
import { fireInputBegins } from './fireInput.ts'
import { approach, presence } from './weather.ts'

export type Weather = { outdoor: number; wetBulb: number; hour: number; day: number }

const clamp = (x: number, low: number, high: number) => Math.min(high, Math.max(low, x))
const airHeat = 1.206 // kJ/(m³ K), density times specific heat

/** A contactor: follows its command after a delay, which is kept as progress in [0, 1] in `memory`. */
export const follow = (
  memory: Map<string, number>,
  id: string,
  on: boolean,
  dtS: number,
  startS: number,
  stopS: number,
): boolean => {
  const progress = clamp((memory.get(id) ?? 0) + (on ? dtS / startS : -dtS / stopS), 0, 1)
  memory.set(id, progress)
  return on ? progress >= 1 : progress > 0
}

/**
 * Heat balance of one zone, first order: walls, people, lights and machines against the air that its box lets in.
 * `supply` is the air handler's state. Returns the electrical power of the zone in kW.
 */
export const stepZone = (
  zone: SimDevice,
  areaM2: number,
  supply: { running: boolean; temperature: number },
  weather: Weather,
  memory: Map<string, number>,
  dtS: number,
): { kw: number; coolingKw: number } => {
  const inside = presence(weather.hour, weather.day, zone.id)
  const people = Math.round((areaM2 / 12) * inside)
  const running = follow(memory, zone.id, zone.on('command') && !zone.on('device-fault'), dtS, 1.5, 1)
  zone.set('running', running)
  const temperature = zone.num('room-temperature') || weather.outdoor + 1
  const setPoint = zone.num('temperature-set-point')
  const open = running ? clamp((temperature - setPoint + 0.8) / 1.6, 0.15, 1) : 0
  const airflow = supply.running ? open * areaM2 * 9 : 0 // m³/h
  const wall = 0.55 * areaM2 // W/K
  const gains = people * 110 + areaM2 * (2 + 9 * inside) // W
  const air = (airflow / 3600) * airHeat * 1000 // W/K
  const conductance = wall + air
  const settled = (wall * weather.outdoor + gains + air * supply.temperature) / conductance
  const next = approach(temperature, settled, dtS, (areaM2 * 42_000) / conductance)
  zone.set('room-temperature', next)
  zone.set('people', people)
  zone.set('occupied', people > 0)
  zone.set('airflow', airflow)
  zone.set('damper-position', 100 * open)
  zone.set('effective-set-point', setPoint)
  zone.set('co2', approach(zone.num('co2') || 450, 430 + (people * 18_000) / (airflow + areaM2 * 1.2), dtS, 1200))
  zone.set('humidity', approach(zone.num('humidity') || 55, airflow > 0 ? 50 : 60, dtS, 3600))
  if (running) zone.set('run-hours', zone.num('run-hours') + dtS / 3600)
  zone.set('filter-hours-left', Math.max(0, 2000 - (zone.num('run-hours') % 2000)))
  const coolingKw = Math.max(0, (air * (next - supply.temperature)) / 1000)
  return { kw: (areaM2 * (1.5 + 11 * inside)) / 1000 + (running ? 0.35 : 0), coolingKw }
}

/** Supply air, speed and power of one air handler from what its zones take. */
export const stepAhu = (
  ahu: SimDevice,
  zones: readonly SimDevice[],
  plant: SimDevice,
  weather: Weather,
  memory: Map<string, number>,
  dtS: number,
): { running: boolean; temperature: number } => {
  if (fireInputBegins(ahu, memory)) ahu.set('command', false)
  const blocked = ahu.on('drive-fault') || ahu.on('frost') || ahu.on('belt-fault')
  const running = follow(memory, ahu.id, ahu.on('command') && !blocked, dtS, 6, 4)
  if (running && !ahu.on('running')) ahu.set('starts', ahu.num('starts') + 1)
  ahu.set('running', running)
  const airflow = zones.reduce((sum, z) => sum + z.num('airflow'), 0)
  const share = clamp(airflow / (zones.length * 3600), 0.3, 1)
  ahu.set(
    'fan-speed',
    approach(ahu.num('fan-speed'), running ? Math.min(ahu.num('fan-speed-limit'), 15 + 33 * share) : 0, dtS, 8),
  )
  const speed = ahu.num('fan-speed') / 50
  const mean = zones.reduce((sum, z) => sum + z.num('room-temperature'), 0) / Math.max(1, zones.length)
  ahu.set('return-air-temperature', approach(ahu.num('return-air-temperature') || mean, mean, dtS, 90))
  ahu.set('outdoor-temperature', weather.outdoor)
  ahu.set(
    'outdoor-damper-position',
    approach(ahu.num('outdoor-damper-position'), running ? ahu.num('outdoor-damper') : 0, dtS, 15),
  )
  const fresh = ahu.num('outdoor-damper-position') / 100
  ahu.set('mixed-air-temperature', ahu.num('return-air-temperature') * (1 - fresh) + weather.outdoor * fresh)
  const cold = plant.on('running') && plant.num('chilled-supply-temperature') < 12
  const reachable = cold ? ahu.num('supply-air-set-point') : ahu.num('mixed-air-temperature') + 1
  ahu.set(
    'supply-air-temperature',
    approach(ahu.num('supply-air-temperature') || mean, running ? reachable : ahu.num('return-air-temperature'), dtS, 100),
  )
  ahu.set('coil-temperature', ahu.num('supply-air-temperature') - (running && cold ? 1.2 : 0))
  ahu.set(
    'cooling-valve',
    approach(
      ahu.num('cooling-valve'),
      running && cold ? clamp((ahu.num('mixed-air-temperature') - ahu.num('supply-air-set-point')) * 9, 5, 100) : 0,
      dtS,
      20,
    ),
  )
  ahu.set('duct-pressure', 420 * speed ** 2)
  ahu.set('filter-pressure-drop', 190 * speed ** 2)
  ahu.set('airflow', running ? airflow + 800 : 0)
  ahu.set('humidity', approach(ahu.num('humidity') || 55, 53, dtS, 600))
  ahu.set('co2', zones.reduce((sum, z) => sum + z.num('co2'), 0) / Math.max(1, zones.length))
  ahu.set('fan-current', speed > 0.02 ? 6 + 40 * speed ** 2.6 : 0)
  ahu.set('drive-temperature', approach(ahu.num('drive-temperature') || 30, 28 + 30 * speed, dtS, 300))
  const kw = 18.5 * speed ** 3 + (running ? 0.4 : 0.05)
  ahu.set('power', kw)
  ahu.set('energy', ahu.num('energy') + (kw * dtS) / 3600)
  if (running) ahu.set('run-hours', ahu.num('run-hours') + dtS / 3600)
  ahu.set('firmware', 4.2)
  return { running, temperature: ahu.num('supply-air-temperature') }
}
