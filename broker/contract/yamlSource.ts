import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** A text and the name under which its problems are reported. */
export type Source = { file: string; text: string }
/** One thing that is wrong with a file, where it is, and what to do. */
export type Problem = { file: string; line: number; column: number; path: string; message: string }
/** Where something stands in a file: keys of mappings and positions in lists. */
export type Path = (string | number)[]

export const problemLine = (p: Problem) => `${p.file}:${p.line}:${p.column} ${p.path || '(file)'}: ${p.message}`
export const inFileOrder = (a: Problem, b: Problem) => a.line - b.line || a.column - b.column

const quoted = (values: readonly unknown[]) => values.map(v => `'${String(v)}'`).join(', ')

const explain = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_value') return `must be one of ${quoted(issue.values)}`
  if (issue.code === 'invalid_type' && issue.input === undefined) return `is missing (expected ${issue.expected})`
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code === 'invalid_union' && 'options' in issue) return `must be one of ${quoted(issue.options as unknown[])}`
  if (issue.code === 'invalid_union' && issue.input === undefined) return 'is missing'
  if (issue.code === 'invalid_union') return 'must be a number, true, false or a text'
  return issue.message
}

/** What is said of one issue, and where: an unknown key is its own place. */
export const explained = (issue: z.core.$ZodIssue): { path: Path; message: string }[] => {
  const path = issue.path as Path
  if (issue.code !== 'unrecognized_keys') return [{ path, message: explain(issue) }]
  return issue.keys.map(key => ({ path: [...path, key], message: `unknown key '${key}'; check the spelling` }))
}

/** Takes `value` for what stands at a path, where anything does. */
const put = (raw: unknown, path: Path, value: unknown) => {
  const holder = path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], raw)
  ;(holder as Record<string, unknown>)[String(path.at(-1))] = value
}

/** A YAML text as plain values. `at` places what is said of a value at its line. Without `raw` there is nothing to go on with. */
export const openYaml = (source: Source) => {
  const lines = new LineCounter()
  const doc = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true })
  const at = (path: readonly PropertyKey[], message: string): Problem => {
    let keys = [...path] as Path
    let node = keys.length === 0 ? doc.contents : doc.getIn(keys, true)
    while (!isNode(node) && keys.length > 0) {
      keys = keys.slice(0, -1)
      node = keys.length === 0 ? doc.contents : doc.getIn(keys, true)
    }
    const range = isNode(node) ? node.range : undefined
    const { line, col } = lines.linePos(range?.[0] ?? 0)
    return { file: source.file, line: Math.max(1, line), column: Math.max(1, col), path: path.map(String).join('.'), message }
  }
  const problems: Problem[] = doc.errors.map(e => {
    const { line, col: column } = lines.linePos(e.pos[0])
    const twice = e.code === 'DUPLICATE_KEY' ? 'this key stands twice in one mapping; keep one of them' : undefined
    return { file: source.file, line, column, path: '', message: twice ?? e.message.split('\n')[0] ?? 'not YAML' }
  })
  if (problems.length === 0 && !isMap(doc.contents)) problems.push(at([], 'the file is empty or not a mapping'))
  // A key that stands twice leaves all the rest readable.
  const nothing = { raw: undefined, problems, at, textAt: () => undefined }
  if (!isMap(doc.contents) || doc.errors.some(e => e.code !== 'DUPLICATE_KEY')) return nothing
  /** A number as it was written, 0871 and 1.50 as well: what people leave without quotes is a text where one is asked for. */
  const textAt = (path: readonly PropertyKey[]): string | undefined => {
    const node = doc.getIn([...path], true)
    return isScalar(node) && typeof node.value === 'number' ? node.source : undefined
  }
  try {
    return { raw: doc.toJS({ maxAliasCount: 1000 }) as Record<string, unknown>, problems, at, textAt }
  } catch (error) {
    return { ...nothing, problems: [...problems, at([], (error as Error).message)] }
  }
}

/** Holds plain values against a schema. Numbers that stand where a text is asked for become the text that was written, also in `raw`. */
export const judged = <S extends z.ZodType>(
  schema: S,
  raw: Record<string, unknown>,
  textAt: (path: readonly PropertyKey[]) => string | undefined,
) => {
  const first = schema.safeParse(raw, { reportInput: true })
  let changed = false
  for (const issue of first.success ? [] : first.error.issues) {
    if (issue.code !== 'invalid_type' || issue.expected !== 'string') continue
    const text = textAt(issue.path)
    if (text === undefined) continue
    put(raw, issue.path as Path, text)
    changed = true
  }
  return changed ? schema.safeParse(raw, { reportInput: true }) : first
}

/** YAML with positions -> zod. All problems at once (design §2): syntax, then schema; `at` places the cross-checks of the caller. */
export const readYaml = <S extends z.ZodType>(source: Source, schema: S) => {
  const { raw, problems, at, textAt } = openYaml(source)
  if (raw === undefined) return { value: undefined, problems, at }
  const result = judged(schema, raw, textAt)
  const shape = result.success ? [] : result.error.issues.flatMap(explained).map(e => at(e.path, e.message))
  const all = [...problems, ...shape]
  return { value: all.length === 0 ? (result.data as z.infer<S>) : undefined, problems: all, at }
}
