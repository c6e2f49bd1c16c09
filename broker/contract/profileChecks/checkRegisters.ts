import { pointKey } from '../names.ts'
import type { ProfilePoint, Register } from '../profileFile.ts'
import { notStorable } from '../valueFit.ts'
import type { Path } from '../yamlSource.ts'
import type { PlacedPoint, ProfileParts, Say } from './profileParts.ts'

const lastAddress = 65_535
const wordsOf = (r: Register) => (r.type.endsWith('32') ? 2 : 1)
const isBitTable = (r: Register) => r.table === 'coil' || r.table === 'discrete'

const checkRegister = (path: Path, point: ProfilePoint, r: Register, say: Say) => {
  const end = r.address + wordsOf(r) - 1
  if (end > lastAddress)
    say([...path, 'address'], `${r.type} at ${r.address} ends at ${end}, and there is no register beyond ${lastAddress}`)
  if (isBitTable(r)) {
    if (r.bit !== undefined) say([...path, 'bit'], `a ${r.table} is one bit by itself; leave 'bit' out`)
    if (r.type !== 'bool')
      say([...path, 'type'], `a ${r.table} holds one bit; use type bool, or table holding or input for ${r.type}`)
  } else if (r.bit !== undefined && r.type !== 'u16') say([...path, 'bit'], 'a bit is taken from a u16 register')
  if ((r.bit !== undefined || r.type === 'bool') && point.kind !== 'binary')
    say([...path, r.bit === undefined ? 'type' : 'bit'], `one bit is true or false: a point of kind ${point.kind} needs a number`)
  const sentinel =
    r.sentinel === undefined ? undefined : notStorable({ ...point, register: { ...r, scale: 1, offset: 0 } }, r.sentinel)
  if (sentinel !== undefined) say([...path, 'sentinel'], `the point ${sentinel}`)
}

/** Why two points cannot both be right about one word of a device; undefined when they can. */
const clash = (a: Register, b: Register): string | undefined => {
  if (isBitTable(a)) return `is already that of '%'`
  if (a.bit !== undefined && b.bit !== undefined) return a.bit === b.bit ? `bit ${a.bit} is already that of '%'` : undefined
  if (a.type !== b.type) return `is read as ${b.type} here and as ${a.type} by '%'`
  if (a.address !== b.address || a.wordOrder !== b.wordOrder) return `overlaps '%' at ${a.address}`
  return undefined
}

const checkOverlaps = (points: Iterable<PlacedPoint>, say: Say) => {
  const taken = new Map<string, PlacedPoint[]>()
  for (const placed of points) {
    const r = placed.point.register
    if (!r) continue
    const told = new Set<PlacedPoint>()
    for (let word = r.address; word < r.address + wordsOf(r); word++) {
      const there = taken.get(`${r.table} ${word}`) ?? []
      taken.set(`${r.table} ${word}`, [...there, placed])
      for (const other of there) {
        const both = placed.point.write && other.point.write ? `is written by '%' already` : undefined
        const why = other.point.register && (clash(other.point.register, r) ?? both)
        if (!why || told.has(other)) continue
        told.add(other)
        const place = [...placed.path, 'register', r.bit === undefined ? 'address' : 'bit']
        say(place, `${r.table} ${word} ${why.replace('%', other.key)}; one of the two has a wrong address`)
      }
    }
  }
}

/** Where each point is read, and that no two read one place in different ways. */
export const checkRegisters = ({ file, points, say }: ProfileParts) => {
  for (const { key, point, path } of points.values()) {
    if (!pointKey.safeParse(key).success) say(path, `'${key}' is no point key: lower-case letters, digits, underscores`)
    if (file.protocol === 'modbus' && !point.register) say(path, 'a Modbus point needs a register')
    if (file.protocol === 'mqtt' && !point.mqtt) say(path, 'an MQTT point needs mqtt: {topic, path}')
    if (point.register) checkRegister([...path, 'register'], point, point.register, say)
    if (point.plausible && point.plausible[0] > point.plausible[1])
      say([...path, 'plausible'], `${point.plausible[0]} to ${point.plausible[1]} is nothing; write the lower limit first`)
    if (point.counts && point.kind !== 'analog')
      say([...path, 'counts'], `only an analog point counts, and this one is ${point.kind}`)
  }
  checkOverlaps(points.values(), say)
}
