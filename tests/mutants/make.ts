import ts from 'typescript'

/** One small change of one file. `id` says what, by the text of its line, and so outlives changes elsewhere in the file. */
export type Mutant = { file: string; line: number; id: string; text: string }

const swaps: Partial<Record<ts.SyntaxKind, readonly string[]>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['==='],
  [ts.SyntaxKind.LessThanToken]: ['<=', '>='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['<', '>'],
  [ts.SyntaxKind.GreaterThanToken]: ['>=', '<='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['>', '<'],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['||'],
  [ts.SyntaxKind.BarBarToken]: ['&&'],
  [ts.SyntaxKind.PlusToken]: ['-'],
  [ts.SyntaxKind.MinusToken]: ['+'],
  [ts.SyntaxKind.AsteriskToken]: ['/'],
  [ts.SyntaxKind.SlashToken]: ['*'],
}

type Change = { from: number; to: number; put: string; what: string }

/** What a node may be turned into: another operator, the other truth, or nothing at all. */
const changesOf = (node: ts.Node, source: ts.SourceFile): Change[] => {
  const whole = (put: string, what: string): Change => ({ from: node.getStart(source), to: node.end, put, what })
  if (ts.isBinaryExpression(node)) {
    const op = node.operatorToken
    const others = swaps[op.kind] ?? []
    return others.map(put => ({ from: op.getStart(source), to: op.end, put, what: `${op.getText(source)} -> ${put}` }))
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return [whole(node.operand.getText(source), `without ! before ${node.operand.getText(source)}`)]
  if ((node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) && !ts.isLiteralTypeNode(node.parent))
    return [whole(node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true', `${node.getText(source)} -> the other`)]
  const text = () => node.getText(source).replace(/\s+/g, ' ').slice(0, 50)
  if (ts.isExpressionStatement(node)) return [whole(';', `without ${text()}`)]
  const leaves =
    ts.isIfStatement(node) &&
    !node.elseStatement &&
    (ts.isReturnStatement(node.thenStatement) || ts.isContinueStatement(node.thenStatement))
  return leaves ? [whole(';', `without ${text()}`)] : []
}

/** Every mutant of a file, in the order of its text. */
export const mutantsOf = (file: string, text: string): Mutant[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const found: Mutant[] = []
  const count = new Map<string, number>()
  const visit = (node: ts.Node) => {
    for (const c of changesOf(node, source)) {
      const { line } = source.getLineAndCharacterOfPosition(c.from)
      const about = `${file}: ${(text.split('\n')[line] ?? '').trim()} | ${c.what}`
      const n = (count.get(about) ?? 0) + 1
      count.set(about, n)
      const id = n === 1 ? about : `${about} (${n})`
      found.push({ file, line: line + 1, id, text: text.slice(0, c.from) + c.put + text.slice(c.to) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
