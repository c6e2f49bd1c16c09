import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const readmes = [
  'README.md',
  'edge-agent/README.md',
  'console/README.md',
  'simulators/README.md',
  'broker/README.md',
  'tests/README.md',
]

/** Paths that begin at the root and name a file or, with a stroke at the end, a folder. */
const pathsOf = (text: string): string[] =>
  [...text.matchAll(/`((?:edge-agent|console|broker|simulators|tests)\/[\w./-]*)`|\]\(([\w./-]+\.(?:md|png))/g)].flatMap(
    m => m[1] ?? m[2] ?? [],
  )

it.each(readmes)('%s names only files and folders that exist', readme => {
  const text = readFileSync(join(root, readme), 'utf8')
  const missing = pathsOf(text).filter(p => !existsSync(join(root, p)) && !existsSync(join(root, readme, '..', p)))
  expect(missing).toEqual([])
})

it('"Where do I change" answers its questions, ten and more, with paths', () => {
  const text = readFileSync(join(root, 'README.md'), 'utf8')
  const section = text.slice(text.indexOf('## Where do I change'), text.indexOf('## Words'))
  const answers = section.split('\n').filter(line => line.startsWith('| ') && pathsOf(line).length > 0)
  expect(answers.length).toBeGreaterThanOrEqual(10)
})
