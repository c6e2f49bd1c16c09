import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles } from './sources.ts'

/** Whoever answers requests asks the rooms below; what is asked of the books stands there. */
const thin = /^console\/(server\/http\/.*|server\/[^/]+|subjects\/[^/]+\/routes)\.ts$/

/** Where a statement to the books stands in what only answers or wires. */
export const strayStatements = (root: string): string[] =>
  sourceFiles(root)
    .filter(f => thin.test(f))
    .flatMap(file =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (/\.(selectFrom|insertInto|updateTable|deleteFrom)\(/.test(line) ? [`${file}:${i + 1}`] : [])),
    )
