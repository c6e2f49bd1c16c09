import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '#program/environment'
import { strayNames } from '../house/names.ts'
import { impurities } from '../house/purity.ts'
import { strayStatements } from '../house/statements.ts'

/** Every forbidden thing is planted in a copy of the house; `npm run check` must refuse each of them by its name. */
const copied = [
  'architecture.cjs',
  '.dependency-cruiser.cjs',
  'package.json',
  'tsconfig.json',
  'broker',
  'console',
  'edge-agent',
  'simulators',
]
let copy = ''
const plant = (file: string, text: string) => {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  writeFileSync(join(copy, file), text)
}
const uses = (what: string) => `import '${what}'\n`

/** What is planted where, and the rule that refuses it. */
const doors: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['console/server/books-imports-only-from-below', 'console/server/books/planted.ts', uses('../http/app.ts')],
  ['console/server/engine-imports-only-from-below', 'console/server/engine/planted.ts', uses('../agents/reactions.ts')],
  ['edge-agent/memory-imports-only-from-below', 'edge-agent/memory/planted.ts', uses('../control/writer.ts')],
  ['every-file-has-a-room', 'console/server/desk/roomless.ts', uses('../newRoom/planted.ts')],
  ['subjects-do-not-know-each-other', 'console/subjects/repair/planted.ts', uses('../overtime/charges.ts')],
  ['subjects-are-known-through-their-list', 'console/server/planted.ts', uses('../subjects/repair/definition.ts')],
  ['the-list-of-subjects-is-for-the-wiring', 'console/subjects/enquiry/planted.ts', uses('../all.ts')],
  ['web-sees-only-the-api', 'console/web/src/planted.ts', uses('../../server/site/settings.ts')],
  ['edge-agent-stands-alone', 'edge-agent/planted.ts', uses('../console/api/money.ts')],
  ['simulators-have-their-own-code', 'simulators/planted.ts', uses('../edge-agent/domain/alarmCondition.ts')],
  ['contract-is-a-leaf', 'broker/contract/planted.ts', uses('ulid')],
  ['pure-files', 'console/server/domain/plantedFile.ts', uses('node:fs')],
  ['sqlite3-has-one-home', 'console/server/books/plantedDriver.ts', uses('sqlite3')],
  ['no-circles', 'console/server/site/plantedOne.ts', uses('./plantedTwo.ts')],
]
const sins: readonly (readonly [what: string, file: string, text: string])[] = [
  ['a clock', 'console/server/domain/plantedClock.ts', 'export const at = () => Date.now()\n'],
  ['a timer', 'console/server/domain/plantedTimer.ts', 'export const later = (f: () => void) => setTimeout(f, 1)\n'],
  ['chance', 'edge-agent/domain/plantedChance.ts', 'export const n = () => Math.random()\n'],
]

beforeAll(() => {
  copy = mkdtempSync(join(packageRoot, 'node_modules', '.house-'))
  for (const name of copied) cpSync(join(packageRoot, name), join(copy, name), { recursive: true })
  // Links would lead out of the copy, whose libraries would then be strangers.
  const libraries = readdirSync(join(packageRoot, 'node_modules')).filter(n => !n.startsWith('.'))
  mkdirSync(join(copy, 'node_modules'))
  execFileSync('cp', ['-al', ...libraries.map(n => join(packageRoot, 'node_modules', n)), join(copy, 'node_modules')])
  for (const [, file, text] of [...doors, ...sins]) plant(file, text)
  plant('console/server/newRoom/planted.ts', 'export {}\n')
  plant('console/server/site/plantedTwo.ts', uses('./plantedOne.ts'))
  // A clock behind two imports, neither of which is a file that must be pure.
  plant('console/subjects/repair/plantedDefinition.ts', uses('../../server/engine/plantedFirst.ts'))
  plant('console/server/engine/plantedFirst.ts', uses('./plantedSecond.ts'))
  plant('console/server/engine/plantedSecond.ts', 'export const begun = new Date()\n')
  plant('console/server/engine/plantedName.ts', "export const order = 'repair'\n")
  plant('console/subjects/visits/plantedName.ts', "export const after = 'complaint'\n")
  plant('console/server/http/plantedAnswer.ts', "export const all = (db: Db) => db.selectFrom('alarm')\n")
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

describe('the doors and the order of the rooms', () => {
  let refused: { rule: string; from: string }[] = []
  beforeAll(() => {
    const cruise = join(packageRoot, 'node_modules/.bin/depcruise')
    const asked = [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'broker',
      'console',
      'edge-agent',
      'simulators',
    ]
    let said = ''
    try {
      said = execFileSync(cruise, asked, { cwd: copy, encoding: 'utf8', maxBuffer: 100_000_000 })
    } catch (e) {
      said = (e as { stdout: string }).stdout
    }
    const { violations } = JSON.parse(said).summary as { violations: { from: string; rule: { name: string } }[] }
    refused = violations.map(v => ({ rule: v.rule.name, from: v.from }))
  }, 120_000)
  it.each(doors)('refuse what %s forbids', (rule, file) => {
    expect(refused).toContainEqual({ rule, from: file })
  })
  it('refuse nothing that was not planted', () => {
    expect(refused.filter(r => !/planted|roomless/i.test(r.from))).toEqual([])
  })
})

describe('what is pure', () => {
  let found: string[] = []
  beforeAll(() => {
    found = impurities(copy)
  })
  it.each(sins)('has no %s', (_what, file) => {
    expect(found.filter(f => f.startsWith(`${file}:`))).toHaveLength(1)
  })
  it('has none behind two imports either', () => {
    const way = [
      'subjects/repair/plantedDefinition.ts',
      'server/engine/plantedFirst.ts',
      'server/engine/plantedSecond.ts:1: new Date()',
    ]
    expect(found).toContain(way.map(f => `console/${f}`).join(' -> '))
  })
  it('and nothing else is found', () => {
    expect(found.filter(f => !f.includes('lanted'))).toEqual([])
  })
})

it('what answers requests asks the books nothing itself', () => {
  expect(strayStatements(copy)).toEqual(['console/server/http/plantedAnswer.ts:1'])
})
it('a subject is called by its name in its own folder alone', () => {
  expect(strayNames(copy)).toEqual([
    "console/server/engine/plantedName.ts:1: 'repair'",
    "console/subjects/visits/plantedName.ts:1: 'complaint'",
  ])
})
