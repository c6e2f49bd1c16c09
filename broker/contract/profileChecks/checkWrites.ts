import { type ProfilePoint, pollPeriodMs } from '../profileFile.ts'
import { cannotWrite, isWithin, notStorable, readable, stepOf, storable } from '../valueFit.ts'
import type { Path } from '../yamlSource.ts'
import type { ProfileParts, Say } from './profileParts.ts'

type Write = NonNullable<ProfilePoint['write']>

const checkTarget = (path: Path, { register: r, mqtt }: ProfilePoint, say: Say) => {
  if (r && (r.table === 'discrete' || r.table === 'input'))
    say([...path, 'register', 'table'], `${r.table === 'input' ? 'an' : 'a'} ${r.table} register cannot be written`)
  const isWord = r?.table === 'holding' || r?.table === 'input'
  if (isWord && r.type.endsWith('32')) say([...path, 'write'], 'only registers of one word can be written')
  if (isWord && r.bit !== undefined) say([...path, 'write'], 'one bit of a register cannot be written alone')
  if (mqtt && !mqtt.command) say([...path, 'write'], 'an MQTT point that is written needs mqtt.command: {topic, path}')
}

const checkLimits = (path: Path, point: ProfilePoint, write: Write, say: Say) => {
  const { min, max, relinquishDefault } = write
  if (min !== undefined && max !== undefined && min > max)
    return say([...path, 'min'], `min ${min} is above max ${max}; nothing could be written`)
  for (const [side, limit] of Object.entries({ min, max })) {
    const out = limit === undefined || point.kind === 'binary' ? undefined : notStorable(point, limit)
    if (out !== undefined) say([...path, side], `the point ${out}`)
  }
  if (relinquishDefault === null) return say(path, 'a relinquish default needs a value')
  const misfit = cannotWrite(point, relinquishDefault)
  if (misfit !== undefined) say([...path, 'relinquishDefault'], `the point ${misfit}`)
}

/** How far what is read back can lie from what was written, by nothing but the steps of the two registers. */
const unavoidable = (point: ProfilePoint, back: ProfilePoint): number => {
  const [written, read] = [stepOf(point), stepOf(back)]
  if (read === 0) return 0
  if (written === 0) return read / 2
  const isWhole = (x: number) => Math.abs(x - Math.round(x)) < 1e-6
  const apart = ((point.register?.offset ?? 0) - (back.register?.offset ?? 0)) / read
  if (isWhole(written / read) && isWhole(apart)) return 0
  const times = read / written
  return isWhole(times) && isWhole((apart * read) / written) ? Math.floor(Math.round(times) / 2) * written : read / 2
}

const checkNumbers = (path: Path, point: ProfilePoint, write: Write, back: ProfilePoint, name: string, say: Say) => {
  const [lowest, highest] = storable(point)
  const [low, high] = readable(back)
  const [min, max] = [Math.max(write.min ?? lowest, lowest), Math.min(write.max ?? highest, highest)]
  if (min <= max && !(isWithin(min, [low, high]) && isWithin(max, [low, high])))
    say(
      write.readBack === undefined ? [...path.slice(0, -1), 'plausible'] : path,
      `${name} reads ${low} to ${high} at most, so that not all of ${min} to ${max} can be read back; narrow min and max`,
    )
  const apart = unavoidable(point, back)
  if (write.tolerance < apart - 1e-9)
    say(path, `${name} moves in steps of ${stepOf(back)}: tolerance ${write.tolerance} cannot be met; it takes ${apart}`)
}

const checkTimes = (path: Path, write: Write, back: ProfilePoint, name: string, say: Say) => {
  const { settleMs, holdMs, limitMs } = write
  // It is seen once after it has settled and once more after the hold time, each time at the next reading.
  const reading = back.register ? 2 * pollPeriodMs[back.poll] : 0
  const least = settleMs + holdMs + reading
  const readings = reading > 0 ? ` and two readings of ${name} (every ${pollPeriodMs[back.poll]} ms)` : ''
  if (limitMs < least)
    say([...path, 'limitMs'], `settleMs, holdMs${readings} take ${least} ms: a limit of ${limitMs} ms cannot be met`)
}

/** Whether what may be written can be written, and read back in time. */
export const checkWrites = ({ points, say, pointAt }: ProfileParts) => {
  for (const { point, path } of points.values()) {
    if (!point.write) continue
    const at = [...path, 'write']
    checkTarget(path, point, say)
    checkLimits(at, point, point.write, say)
    const { readBack } = point.write
    const place = readBack === undefined ? at : [...at, 'readBack']
    const back = readBack === undefined ? point : pointAt(place, readBack)
    if (!back) continue
    const name = readBack === undefined ? 'the point itself' : `'${readBack}'`
    if ((back.kind === 'binary') !== (point.kind === 'binary'))
      say(place, `the point is ${point.kind} and ${name} ${back.kind}: what is written can never be read there`)
    else if (point.kind !== 'binary') checkNumbers(place, point, point.write, back, name, say)
    checkTimes(at, point.write, back, name, say)
  }
}
