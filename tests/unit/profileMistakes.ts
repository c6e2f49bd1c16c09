import type { AlarmRule, ProfileFile, ProfilePoint } from '#contract/profileFile'
import type { Planted } from './planted.ts'
import { profileNamed } from './siteTowers.ts'

type PlantedProfile = Planted & { profile: ProfileFile }
type Change<T> = (item: T) => void

/** Spoils one point of a profile; `key` is where in the point. */
const point = (name: string, id: string, change: Change<ProfilePoint>, key: string, says: RegExp) => (): PlantedProfile => {
  const profile = profileNamed(name)
  change(profile.points[id] as ProfilePoint)
  return { profile, place: ['points', id, ...key.split('.')], says }
}

/** Spoils what the write rule of a point says. */
const write = (name: string, id: string, rule: Partial<NonNullable<ProfilePoint['write']>>, key: string, says: RegExp) =>
  point(name, id, p => Object.assign(p.write as object, rule), key ? `write.${key}` : 'write', says)

const register = (name: string, id: string, r: Partial<NonNullable<ProfilePoint['register']>>, key: string, says: RegExp) =>
  point(name, id, p => Object.assign(p.register as object, r), `register.${key}`, says)

const alarm = (name: string, id: string, change: Partial<AlarmRule>, key: string, says: RegExp) => (): PlantedProfile => {
  const profile = profileNamed(name)
  Object.assign(profile.alarms[id] as object, change)
  return { profile, place: ['alarms', id, ...(key ? [key] : [])], says }
}

const whole = (name: string, change: Change<ProfileFile>, place: string, says: RegExp) => (): PlantedProfile => {
  const profile = profileNamed(name)
  change(profile)
  return { profile, place: place.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part)), says }
}

const loop = (change: (p: Record<string, ProfilePoint>) => void, key: string, says: RegExp) =>
  whole('fire-panel', p => change(p.series[0]?.points ?? {}), `series.0.points.${key}`, says)

/** One mistake each in a device type; the key is what is wrong. */
export const profileMistakes: Record<string, () => PlantedProfile> = {
  'an unknown key in a point': point('ahu', 'sat', p => Object.assign(p, { unitt: 'K' }), 'unitt', /unknown key 'unitt'/),
  'u32 at the last register': register('ahu', 'hours', { address: 65_535 }, 'address', /no register beyond 65535/),
  'f32 in a coil': register('ahu', 'fan_cmd', { type: 'f32' }, 'type', /a coil holds one bit/),
  'a bit of a coil': register('zone-controller', 'on_cmd', { bit: 3 }, 'bit', /a coil is one bit by itself/),
  'a bit of a signed register': register('ahu', 'frost', { type: 'i16' }, 'bit', /a bit is taken from a u16 register/),
  'a bit that is a number': point(
    'ahu',
    'frost',
    p => Object.assign(p, { kind: 'analog' }),
    'register.bit',
    /one bit is true or false/,
  ),
  'an answer that the register cannot give': register('ahu', 'sat', { sentinel: 65_535 }, 'sentinel', /65535 is out of range/),
  'a register read in two ways': register('ahu', 'hours', { address: 14 }, 'address', /read as u32 here and as u16 by 'airflow'/),
  'two points on one bit': register('ahu', 'door_open', { bit: 4 }, 'bit', /bit 4 is already that of 'filter_dirty'/),
  'two half overlapping counters': register('energy-meter', 'kwh_rev', { address: 41 }, 'address', /overlaps 'kwh'/),
  'an alarm that counts while its device runs, in one that does not run': alarm(
    'door-controller',
    'held',
    { whileRunning: true },
    'whileRunning',
    /what running means: runs/,
  ),
  'a plausible range that is upside down': point(
    'ahu',
    'co2',
    p => Object.assign(p, { plausible: [5000, 0] }),
    'plausible',
    /is nothing/,
  ),
  'a switch that counts': point('ahu', 'frost', p => Object.assign(p, { counts: true }), 'counts', /only an analog point counts/),
  'a least above the most': write('ahu', 'sat_sp', { min: 30 }, 'min', /min 30 is above max 24/),
  'a default out of range': write('ahu', 'fan_hz_sp', { relinquishDefault: 60 }, 'relinquishDefault', /takes 15 to 50: 60/),
  'a default of the wrong type': write(
    'ahu',
    'fan_cmd',
    { relinquishDefault: 0 },
    'relinquishDefault',
    /is binary: 0 does not fit/,
  ),
  'a word as a default': write(
    'chiller-plant',
    'chws_sp',
    { relinquishDefault: 'cold' },
    'relinquishDefault',
    /is analog: "cold"/,
  ),
  'a limit that the register cannot hold': write('ahu', 'oad_cmd', { min: -5 }, 'min', /type u16.*: -5 is out of range/),
  'a most that the register cannot hold': write(
    'ahu',
    'fan_hz_sp',
    { max: 700 },
    'max',
    /holds 0 to 655.35: 700 is out of range/,
  ),
  'a read-back of another kind': write('ahu', 'fan_cmd', { readBack: 'sat' }, 'readBack', /the point is binary and 'sat' analog/),
  'a read-back that is not there': write('ahu', 'fan_cmd', { readBack: 'fan' }, 'readBack', /no point 'fan'/),
  'a read-back that never shows all': write(
    'ahu',
    'oad_cmd',
    { readBack: 'fan_hz' },
    'readBack',
    /'fan_hz' reads 0 to 60 at most/,
  ),
  'a value that is not plausible': point(
    'ahu',
    'sat_sp',
    p => Object.assign(p, { plausible: [14, 80] }),
    'plausible',
    /not all of 12 to 24/,
  ),
  'a read-back that is too coarse': write(
    'zone-controller',
    'temp_sp',
    { readBack: 'co2' },
    'readBack',
    /steps of 1: tolerance 0.05/,
  ),
  'a limit before it has settled': write('ahu', 'fan_cmd', { limitMs: 900 }, 'limitMs', /a limit of 900 ms cannot be met/),
  'a limit before it is read': write(
    'chiller-plant',
    'chws_sp',
    { limitMs: 2000 },
    'limitMs',
    /two readings of the point itself/,
  ),
  'a write that nobody can send': point('gate-barrier', 'arm_cmd', p => delete p.mqtt?.command, 'write', /needs mqtt.command/),
  'a write to an input': register('ahu', 'oad_cmd', { table: 'input', address: 90 }, 'table', /input register cannot be written/),
  'an alarm on the wrong type': alarm('ahu', 'trip', { equals: 1 }, 'equals', /is binary: 1 does not fit/),
  'an alarm on a word that is not there': alarm(
    'energy-meter',
    'phase',
    { equals: 7 },
    'equals',
    /no text for 7; write one of 0, 1, 2/,
  ),
  'an alarm above a switch': whole(
    'ahu',
    p => {
      p.alarms['frost'] = { ...(p.alarms['frost'] as AlarmRule), above: 0 }
      delete p.alarms['frost'].equals
    },
    'alarms.frost.above',
    /is binary; use equals/,
  ),
  'an alarm that is never raised': alarm('ahu', 'filter', { above: 2500 }, 'above', /above 2500 is out of range/),
  'an alarm with a negative deadband': alarm('ahu', 'co2', { deadband: -1 }, 'deadband', />=0/),
  'an alarm on two conditions': alarm('ahu', 'co2', { below: 300 }, '', /exactly one of equals, above, below/),
  'an alarm on no point': alarm('zone-controller', 'leak', { point: 'drip' }, 'point', /no point 'drip'/),
  'what runs cannot be written': whole(
    'ahu',
    p => Object.assign(p.runs as object, { command: 'frost' }),
    'runs.command',
    /cannot be written/,
  ),
  'what runs is a number': whole(
    'ahu',
    p => Object.assign(p.runs as object, { feedback: 'fan_hz' }),
    'runs.feedback',
    /is analog/,
  ),
  'a fire action on what is read': whole(
    'ahu',
    p => Object.assign(p.atFire as object, { point: 'fan_fb' }),
    'atFire.point',
    /cannot be written/,
  ),
  'a fire action of the wrong type': whole(
    'ahu',
    p => Object.assign(p.atFire as object, { value: 0 }),
    'atFire.value',
    /is binary: 0/,
  ),
  'a fire input that is a number': whole(
    'ahu',
    p => Object.assign(p.atFire as object, { input: 'sat' }),
    'atFire.input',
    /is analog/,
  ),
  'a fallback of the wrong type': whole(
    'ahu',
    p => Object.assign(p.heartbeat?.fallback as object, { unsupervised: 1 }),
    'heartbeat.fallback.unsupervised',
    /is binary: 1/,
  ),
  'a fallback out of range': whole(
    'ahu',
    p => Object.assign(p.heartbeat?.fallback as object, { sat_sp: 40 }),
    'heartbeat.fallback.sat_sp',
    /40/,
  ),
  'a heartbeat where somebody writes': whole(
    'ahu',
    p => Object.assign(p.heartbeat as object, { point: 'oad_cmd' }),
    'heartbeat.point',
    /heartbeat/,
  ),
  'a clock in one word': whole(
    'ahu',
    p => Object.assign(p, { clock: { point: 'firmware', limitS: 60 } }),
    'clock.point',
    /use u32/,
  ),
  'a clock that is a switch': whole(
    'fire-panel',
    p => Object.assign(p.clock as object, { point: 'fire' }),
    'clock.point',
    /no analog/,
  ),
  'a series that ends before it begins': whole(
    'fire-panel',
    p => Object.assign(p.series[0] as object, { from: 30 }),
    'series.0.from',
    /30 to 20/,
  ),
  'a role without a detector': loop(p => delete p['l{n}_w1_fire']?.detector, 'l{n}_w1_fire.role', /needs the detector/),
  'a detector without a role': loop(p => delete p['l{n}_e2_fault']?.role, 'l{n}_e2_fault.detector', /needs a role/),
  'two points of one role': whole(
    'zone-controller',
    p => Object.assign(p.points['humidity'] as object, { role: 'room-temperature' }),
    'points.humidity.role',
    /already that of/,
  ),
  'a lock that nobody can move': whole(
    'door-controller',
    p => {
      delete p.points['lock_cmd']?.role
      Object.assign(p.points['locked'] as object, { role: 'lock' })
    },
    'points.locked.role',
    /with write/,
  ),
  'twenty loops on one bit': loop(
    p => Object.assign(p['l{n}_w1_fault']?.register as object, { bit: 0 }),
    'l{n}_w1_fault.register.bit',
    /bit 0 is already that of/,
  ),
}
