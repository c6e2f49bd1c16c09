import { isCollection, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

/** A text and the name under which its problems are reported. */
export type Source = { file: string; text: string }
/** One thing that is wrong with a file, where it is, and what to do. */
export type Problem = { file: string; line: number; column: number; path: string; message: string }

export const problemLine = (p: Problem) => `${p.file}:${p.line}:${p.column} ${p.path || '(file)'}: ${p.message}`

const explain = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map(k => `'${k}'`).join(', ')}; check the spelling`
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(v => `'${String(v)}'`).join(', ')}`
  if (issue.code === 'invalid_type' && issue.input === undefined) return `is missing (expected ${issue.expected})`
  return issue.message
}

/**
 * YAML with positions -> zod. All problems at once (design §2): syntax, then schema; `at` places the
 * cross-checks of the caller at the same lines.
 */
export const readYaml = <S extends z.ZodType>(source: Source, schema: S) => {
  const lines = new LineCounter()
  const doc = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true })
  const at = (path: readonly PropertyKey[], message: string): Problem => {
    let keys = [...path] as (string | number)[]
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
    const pos = lines.linePos(e.pos[0])
    return { file: source.file, line: pos.line, column: pos.col, path: '', message: e.message.split('\n')[0] ?? 'not YAML' }
  })
  if (problems.length === 0 && !isCollection(doc.contents)) problems.push(at([], 'the file is empty or not a mapping'))
  if (problems.length > 0) return { value: undefined, problems, at }
  const result = schema.safeParse(doc.toJS({ maxAliasCount: 1000 }), { reportInput: true })
  if (!result.success) {
    const all = result.error.issues.map(issue => {
      const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
      return at(key === undefined ? issue.path : [...issue.path, key], explain(issue))
    })
    return { value: undefined, problems: all, at }
  }
  return { value: result.data as z.infer<S>, problems, at }
}
