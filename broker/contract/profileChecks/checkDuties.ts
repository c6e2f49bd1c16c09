import { cannotRead, cannotWrite, storable } from '../valueFit.ts'
import type { ProfileParts } from './profileParts.ts'

/** Seconds since 1970 of a day in 2020: a clock's register must reach so far. */
const recently = 1.6e9

const checkRuns = ({ file: { runs }, say, pointAt }: ProfileParts) => {
  if (!runs) return
  const command = pointAt(['runs', 'command'], runs.command)
  if (command && !command.write) say(['runs', 'command'], `'${runs.command}' cannot be written, so it starts nothing`)
  for (const side of ['command', 'feedback'] as const) {
    const point = side === 'command' ? command : pointAt(['runs', side], runs[side])
    if (point && point.kind !== 'binary') say(['runs', side], `'${runs[side]}' is ${point.kind}; what runs or rests is binary`)
  }
}

const checkClock = ({ file: { clock }, say, pointAt }: ProfileParts) => {
  const point = clock && pointAt(['clock', 'point'], clock.point)
  if (!point) return
  if (point.kind !== 'analog') say(['clock', 'point'], `there is no analog point '${clock.point}'`)
  else if (point.register && (point.register.type === 'f32' || storable(point)[1] < recently))
    say(['clock', 'point'], `'${clock.point}' (${point.register.type}) cannot hold the seconds since 1970; use u32`)
}

const checkHeartbeat = ({ file: { heartbeat }, say, pointAt }: ProfileParts) => {
  if (!heartbeat) return
  const beat = pointAt(['heartbeat', 'point'], heartbeat.point)
  if (beat && (beat.register?.table !== 'holding' || beat.register.type !== 'u16' || beat.write))
    say(['heartbeat', 'point'], 'a heartbeat needs a holding register of type u16 that nobody else writes')
  for (const [key, value] of Object.entries(heartbeat.fallback)) {
    const point = pointAt(['heartbeat', 'fallback', key], key)
    const misfit = point && (point.write ? cannotWrite : cannotRead)(point, value)
    if (misfit !== undefined) say(['heartbeat', 'fallback', key], `'${key}' ${misfit}`)
  }
}

const checkAtFire = ({ file: { atFire }, say, pointAt }: ProfileParts) => {
  if (!atFire) return
  const point = pointAt(['atFire', 'point'], atFire.point)
  if (point && !point.write)
    say(['atFire', 'point'], `'${atFire.point}' cannot be written, so nothing can be done there at a fire`)
  const misfit = point && cannotWrite(point, atFire.value)
  if (misfit !== undefined) say(['atFire', 'value'], `'${atFire.point}' ${misfit}`)
  const input = atFire.input === undefined ? undefined : pointAt(['atFire', 'input'], atFire.input)
  if (input && input.kind !== 'binary') say(['atFire', 'input'], `'${atFire.input}' is ${input.kind}; a fire input is binary`)
}

/** What the device as a whole does with its points: it runs, tells the time, waits for a heartbeat, acts at a fire. */
export const checkDuties = (profile: ProfileParts) => {
  checkRuns(profile)
  checkClock(profile)
  checkHeartbeat(profile)
  checkAtFire(profile)
}
