import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import architecture from '../../architecture.cjs'
import { sourceFiles } from './sources.ts'

/** What a file does that is not of what it is given, or where it stands in the file. */
type Sin = { what: string; line: number }
type Facts = { imports: { to: string; line: number }[]; sins: Sin[] }

const calls = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'require'])
const members = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues'])
const things = new Set(['process', 'globalThis'])

const factsOf = (file: string): Facts => {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const facts: Facts = { imports: [], sins: [] }
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1
  const sin = (node: ts.Node, what: string) => facts.sins.push({ what, line: lineOf(node) })
  const look = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const clause = ts.isImportDeclaration(node) ? node.importClause : undefined
      const named = clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : undefined
      const onlyTypes =
        clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || (!clause?.name && named?.length && named.every(e => e.isTypeOnly))
      const to = (node.moduleSpecifier as ts.StringLiteral).text
      if (!onlyTypes && !(ts.isExportDeclaration(node) && node.isTypeOnly)) facts.imports.push({ to, line: lineOf(node) })
      return
    }
    if (ts.isTypeNode(node)) return
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) sin(node, 'import()')
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && calls.has(node.expression.text))
      sin(node, node.expression.text)
    if (ts.isPropertyAccessExpression(node) && members.has(node.getText())) sin(node, node.getText())
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && things.has(node.expression.text))
      sin(node, node.expression.text)
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0)
      sin(node, 'new Date()')
    ts.forEachChild(node, look)
  }
  look(source)
  return facts
}

/** Where the doors of package.json lead to. */
const doorsOf = (root: string): [RegExp, string][] => {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, unknown> }
  return Object.entries(imports).flatMap(([door, to]) => {
    const source = (to as { source?: string }).source
    return source ? [[new RegExp(`^${door.replace('*', '(.+)')}$`), join(root, source.replace('*', '$1'))] as const] : []
  }) as [RegExp, string][]
}

/** Every clock, timer, chance, file or socket that a pure file reaches, however many imports lie between; each with its way. */
export const impurities = (root: string): string[] => {
  const doors = doorsOf(root)
  const known = new Map<string, Facts>()
  const factsAt = (file: string) => {
    const facts = known.get(file) ?? factsOf(file)
    known.set(file, facts)
    return facts
  }
  const resolve = (from: string, to: string): string | undefined => {
    if (to.startsWith('.')) return join(dirname(from), to)
    for (const [door, target] of doors) if (door.test(to)) return to.replace(door, target)
    return undefined
  }
  const found: string[] = []
  const walk = (file: string, way: string[], seen: Set<string>) => {
    if (seen.has(file) || !existsSync(file)) return
    seen.add(file)
    const here = [...way, relative(root, file)]
    const { imports, sins } = factsAt(file)
    for (const s of sins) found.push(`${here.join(' -> ')}:${s.line}: ${s.what}`)
    for (const { to, line } of imports) {
      const own = resolve(file, to)
      if (own) walk(own, here, seen)
      else if (!architecture.pureLibraries.includes(to.split('/')[0] ?? to)) found.push(`${here.join(' -> ')}:${line}: ${to}`)
    }
  }
  const pure = architecture.pure.map(p => new RegExp(p))
  for (const file of sourceFiles(root).filter(f => f.endsWith('.ts') && pure.some(p => p.test(f))))
    walk(join(root, file), [], new Set())
  return [...new Set(found)]
}
