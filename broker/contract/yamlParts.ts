import type { z } from 'zod'
import { explained, judged, openYaml, type Path, type Problem, type Source } from './yamlSource.ts'

const nameOf = (path: Path) => JSON.stringify(path)

/** The piece of a file to which a place belongs: as small as `pieces` allow, else a whole section. */
const pieceOf = (path: Path, pieces: readonly string[][]): Path => {
  const fits = pieces.filter(p => p.length <= path.length && p.every((part, i) => part === '*' || part === String(path[i])))
  return path.slice(0, Math.max(1, ...fits.map(p => p.length)))
}

/** A copy without the pieces that are gone. `kept` tells for every list which of its items are left. */
const without = (node: unknown, gone: ReadonlySet<string>, kept: Map<string, number[]>, path: Path = []): unknown => {
  if (Array.isArray(node)) {
    const left = [...node.keys()].filter(i => !gone.has(nameOf([...path, i])))
    kept.set(nameOf(path), left)
    return left.map(i => without(node[i], gone, kept, [...path, i]))
  }
  if (typeof node !== 'object' || node === null) return node
  const left = Object.entries(node).filter(([key]) => !gone.has(nameOf([...path, key])))
  return Object.fromEntries(left.map(([key, child]) => [key, without(child, gone, kept, [...path, key])]))
}

/** A place in such a copy, as it is in the file. */
const inFile = (path: Path, kept: ReadonlyMap<string, number[]>): Path => {
  const whole: Path = []
  for (const part of path) whole.push(typeof part === 'number' ? (kept.get(nameOf(whole))?.[part] ?? part) : part)
  return whole
}

/**
 * Reads a file so that one broken piece hides nothing of the others (design §2: shape and sense are reported together). `pieces`
 * names what may be left out alone, such as `devices.*`. `parts` is all that fits its shape, `whole` stands there when that is
 * everything. `lost` are the places left out and the sections that are missing; `raw` has them as they were written. `at` takes
 * places in `parts`.
 */
export const readParts = <S extends z.ZodObject>(source: Source, schema: S, pieces: readonly string[]) => {
  type Whole = z.infer<S>
  type Parts = { whole?: Whole; parts: Partial<Whole>; lost: Path[]; at(path: Path, message: string): Problem }
  const { raw, problems, at: atRaw, textAt } = openYaml(source)
  const nothing: Parts = { parts: {} as Partial<Whole>, lost: [], at: atRaw }
  if (raw === undefined) return { ...nothing, raw, problems }
  const first = judged(schema, raw, textAt)
  if (first.success) return { ...nothing, whole: first.data, parts: first.data as Partial<Whole>, raw, problems }
  const said = first.error.issues.flatMap(explained)
  problems.push(...said.map(e => atRaw(e.path, e.message)))

  const patterns = pieces.map(p => p.split('.'))
  const lost = new Map<string, Path>()
  const lose = (path: Path) => {
    const piece = pieceOf(path, patterns)
    lost.set(nameOf(piece), piece)
  }
  for (const e of said) lose(e.path)
  const lenient = schema.partial()
  // Leaving out pieces can leave a list too short, which then goes too. What is said on the way is no news.
  for (let before = -1; before !== lost.size; ) {
    before = lost.size
    const kept = new Map<string, number[]>()
    const result = lenient.safeParse(without(raw, new Set(lost.keys()), kept))
    if (result.success) {
      const at = (path: Path, message: string) => atRaw(inFile(path, kept), message)
      return { ...nothing, parts: result.data as Partial<Whole>, lost: [...lost.values()], at, raw, problems }
    }
    for (const e of result.error.issues.flatMap(explained)) lose(inFile(e.path, kept))
  }
  return { ...nothing, raw, problems }
}
