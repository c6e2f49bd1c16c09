import type { detectorPoints } from '#contract/pointRoles'
import type { SimDevice } from '../simDevice.ts'
import { follow } from './air.ts'
import { fireInputBegins } from './fireInput.ts'
import { approach } from './weather.ts'

/** An electric lock with a contact: the bolt follows its command in 0.4 s; its fire input releases it, until it is told to lock. */
export const stepDoor = (door: SimDevice, memory: Map<string, number>, dtS: number) => {
  if (fireInputBegins(door, memory)) door.set('lock', false)
  const released = follow(memory, door.id, !door.on('lock'), dtS, 0.4, 0.4)
  door.set('locked', !released)
  door.set('supply-voltage', 12.1)
  door.set('firmware', 2.1)
}

/** A barrier arm: 2 s up, 2 s down, never down onto a car. A car that may pass is let through by the gate itself. */
export const stepGate = (gate: SimDevice, cars: number, random: () => number, memory: Map<string, number>, dtS: number) => {
  const passing = memory.get(`${gate.id}-car`) ?? 0
  const arriving = passing <= 0 && random() < 1 - Math.exp((-cars * dtS) / 3600)
  memory.set(`${gate.id}-car`, arriving ? 9 : Math.max(0, passing - dtS))
  if (arriving) gate.set('cars', gate.num('cars') + 1)
  const car = (memory.get(`${gate.id}-car`) ?? 0) > 0
  gate.set('car-on-loop', car)
  if (fireInputBegins(gate, memory)) gate.set('arm', true)
  const up = (gate.on('arm') || car) && !gate.on('device-fault')
  const target = up ? 90 : 0
  const before = gate.num('arm-angle')
  const angle = before < target ? Math.min(target, before + 45 * dtS) : Math.max(target, before - 45 * dtS)
  gate.set('arm-angle', angle)
  gate.set('arm-moving', angle !== target)
  gate.set('arm-raised', angle >= 85)
  gate.set('supply-voltage', approach(gate.num('supply-voltage') || 24, up ? 23.6 : 24, dtS, 1))
  gate.set('firmware', 1.3)
}

/** The panel sums up its loops; a device in alarm stays so until the panel is reset by hand at the panel. */
export const stepPanel = (panel: SimDevice, said: ReturnType<typeof detectorPoints>) => {
  const any = (keys: readonly string[]) => keys.some(key => panel.value(key) === true)
  panel.set('any-fire', any(said.fire))
  panel.set('any-fault', any(said.fault) || panel.on('loop-card-fault') || panel.on('mains-fault') || panel.on('battery-fault'))
  panel.set('any-shielded', any(said.shielded))
}
