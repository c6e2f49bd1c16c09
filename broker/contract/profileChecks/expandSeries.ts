import type { AlarmRule, ProfileFile } from '../profileFile.ts'
import type { Path } from '../yamlSource.ts'
import type { PlacedAlarm, PlacedPoint, Say } from './profileParts.ts'

/** More of one thing than any device has; a slip of the finger must not fill the memory. */
const mostRepeats = 1000

export const numbered = (text: string, n: number) => text.replaceAll('{n}', String(n))
const numberedWords = (w: { zh: string; en: string }, n: number) => ({ zh: numbered(w.zh, n), en: numbered(w.en, n) })

/** The numbers of a series; none when they make no sense, which is said elsewhere. */
export const numbersOf = ({ from, to }: { from: number; to: number }): number[] =>
  from > to || to - from >= mostRepeats ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** All points and alarms of a profile, those of its series written out. */
export const expandSeries = (file: Partial<ProfileFile>, say: Say) => {
  const points = new Map<string, PlacedPoint>()
  const alarms = new Map<string, PlacedAlarm>()
  const add = <T extends { key: string; path: Path }>(all: Map<string, T>, placed: T) => {
    if (all.has(placed.key))
      say(placed.path, `'${placed.key}' stands twice; a key of a series carries {n}, and no other has its name`)
    else all.set(placed.key, placed)
  }
  for (const [key, point] of Object.entries(file.points ?? {})) add(points, { key, point, path: ['points', key] })
  for (const [key, rule] of Object.entries(file.alarms ?? {})) add(alarms, { key, rule, path: ['alarms', key] })
  file.series?.forEach((s, i) => {
    if (s.from > s.to) say(['series', i, 'from'], `from ${s.from} to ${s.to} is nothing; 'from' comes before 'to'`)
    else if (s.to - s.from >= mostRepeats) say(['series', i, 'to'], `a series repeats at most ${mostRepeats} times`)
    for (const n of numbersOf(s)) {
      const shift = s.stride * (n - s.from)
      for (const [key, p] of Object.entries(s.points)) {
        const register = p.register && { ...p.register, address: p.register.address + shift }
        const point = {
          ...p,
          name: numberedWords(p.name, n),
          ...(register ? { register } : {}),
          ...(p.detector ? { detector: numbered(p.detector, n) } : {}),
          ...(p.write?.readBack ? { write: { ...p.write, readBack: numbered(p.write.readBack, n) } } : {}),
        }
        add(points, { key: numbered(key, n), point, path: ['series', i, 'points', key] })
      }
      for (const [key, a] of Object.entries(s.alarms)) {
        const rule: AlarmRule = { ...a, point: numbered(a.point, n), name: numberedWords(a.name, n) }
        add(alarms, { key: numbered(key, n), rule, path: ['series', i, 'alarms', key] })
      }
    }
  })
  return { points, alarms }
}
