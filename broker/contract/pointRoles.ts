import { z } from 'zod'

/** What a point of a fire detector says of it. */
export const detectorRoles = ['fire', 'fault', 'shielded'] as const
export type DetectorRole = (typeof detectorRoles)[number]

/**
 * What a point is, whatever it is called by its profile: screens and simulators ask for this and never for a name (design §2). One
 * point of a device at most has each. Units as the profile says them; a speed is in Hz, a power in kW, an energy in kWh.
 */
export const pointRoles = [
  'airflow',
  'any-fault',
  'any-fire',
  'any-shielded',
  'apparent-power',
  'arm',
  'arm-angle',
  'arm-moving',
  'arm-raised',
  'battery-fault',
  'belt-fault',
  'car-on-loop',
  'cards',
  'cars',
  'chilled-flow',
  'chilled-pump-1-running',
  'chilled-pump-1-speed',
  'chilled-pump-2-running',
  'chilled-pump-2-speed',
  'chilled-return-temperature',
  'chilled-supply-set-point',
  'chilled-supply-temperature',
  'chiller-1-fault',
  'chiller-1-hours',
  'chiller-1-load',
  'chiller-1-running',
  'chiller-2-hours',
  'chiller-2-load',
  'chiller-2-running',
  'co2',
  'coil-temperature',
  'condenser-pump-1-running',
  'condenser-pump-1-speed',
  'condenser-pump-2-running',
  'condenser-pump-2-speed',
  'condenser-return-temperature',
  'condenser-supply-temperature',
  'cooling-energy',
  'cooling-power',
  'cooling-valve',
  'cop',
  'current-a',
  'current-b',
  'current-c',
  'damper-position',
  'device-fault',
  'differential-pressure',
  'door-open',
  'drive-fault',
  'drive-temperature',
  'duct-pressure',
  'effective-set-point',
  'energy',
  'fan-current',
  'fan-speed',
  'fan-speed-limit',
  'filter-hours-left',
  'filter-pressure-drop',
  'firmware',
  'forced-open',
  'frequency',
  'frost',
  'humidity',
  'lock',
  'locked',
  'loop-card-fault',
  'mains-fault',
  'mixed-air-temperature',
  'occupied',
  'outdoor-damper',
  'outdoor-damper-position',
  'outdoor-temperature',
  'people',
  'power',
  'power-factor',
  'power-maximum',
  'reactive-energy',
  'reactive-power',
  'return-air-temperature',
  'room-temperature',
  'run-hours',
  'starts',
  'supply-air-set-point',
  'supply-air-temperature',
  'supply-voltage',
  'temperature-set-point',
  'tower-1-running',
  'tower-1-speed',
  'tower-2-running',
  'tower-2-speed',
  'tower-2-vibration',
  'transformer-ratio',
  'voltage-a',
  'voltage-b',
  'voltage-c',
  'wet-bulb-temperature',
] as const

/** What the profile says elsewhere than at the point: of what runs (`runs`), of its own fire input (`atFire`). */
const saidElsewhere = ['command', 'running', 'fire-input'] as const

export const pointRole = z.enum([...pointRoles, ...saidElsewhere])
export type PointRole = z.infer<typeof pointRole>

/** As much of a profile as roles are said in. */
type Said = {
  points: ReadonlyMap<string, { role?: string | undefined; detector?: string | undefined }>
  runs?: { command: string; feedback: string } | undefined
  atFire?: { input?: string | undefined } | undefined
}

/** The point of each role that a device of this profile has. */
export const keysByRole = (profile: Said): ReadonlyMap<PointRole, string> => {
  const keys = new Map<PointRole, string>()
  for (const [key, { role }] of profile.points) {
    const own = pointRoles.find(r => r === role)
    if (own) keys.set(own, key)
  }
  if (profile.runs) keys.set('command', profile.runs.command).set('running', profile.runs.feedback)
  if (profile.atFire?.input !== undefined) keys.set('fire-input', profile.atFire.input)
  return keys
}

/** A detector by the points that tell of it: each as far as the panel's profile has it. */
export type DetectorPoints = Partial<Record<DetectorRole, string>>

/** The detectors behind some of a panel's points, one by one. */
export const detectorsOf = (profile: Said, of: readonly string[]): DetectorPoints[] => {
  const found = new Map<string, DetectorPoints>()
  for (const key of of) {
    const detector = profile.points.get(key)?.detector
    if (detector !== undefined) found.set(detector, {})
  }
  for (const [key, p] of profile.points) {
    const own = p.detector === undefined ? undefined : found.get(p.detector)
    const role = detectorRoles.find(r => r === p.role)
    if (own && role) own[role] = key
  }
  return [...found.values()]
}

/** All that a panel says of the detectors behind some of its points, by what it says. */
export const detectorPoints = (profile: Said, of: readonly string[]) => {
  const detectors = new Set(of.map(key => profile.points.get(key)?.detector))
  const said = (role: DetectorRole) =>
    [...profile.points].filter(([, p]) => p.role === role && p.detector && detectors.has(p.detector)).map(([key]) => key)
  return { fire: said('fire'), fault: said('fault'), shielded: said('shielded') }
}
