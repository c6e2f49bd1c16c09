import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StoryRule, storyRules } from '../mutants/storyRules.ts'

export type RuleFigures = { rules: number; missed: string[]; trouble: string[] }

const root = join(import.meta.dirname, '../..')
const needed = ['broker', 'console', 'edge-agent', 'simulators', 'tests', 'package.json', 'tsconfig.json', 'vitest.config.ts']
/** A hang is no verdict. */
const limitMs = 300_000

/** Takes out, in a copy of the tree, the main rule of each story in turn: the stories of that number must fail without it and pass with it. */
export const ruleCampaign = async (o: { count?: number; say?: (line: string) => void }): Promise<RuleFigures> => {
  const rules = storyRules.slice(0, o.count)
  const tree = mkdtempSync(join(tmpdir(), 'zhiban-rules-'))
  const figures: RuleFigures = { rules: rules.length, missed: [], trouble: [] }
  try {
    for (const name of needed) cpSync(join(root, name), join(tree, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    const passes = ({ rule, by }: StoryRule) => {
      const project = by.includes('/unit/') ? 'unit' : 'books'
      const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, by, '-t', `\\b${rule}\\b`]
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8', timeout: limitMs })
      // Of a file of which no test has that name nothing is run, and nothing fails.
      return { passed: status === 0, ran: Number(/(\d+) passed, (\d+) failed/.exec(stdout)?.[1] ?? 0) }
    }
    for (const r of rules) {
      const whole = passes(r)
      if (!whole.passed || whole.ran === 0) figures.trouble.push(`${r.rule}: with its rule ${whole.ran} stories pass in ${r.by}`)
      const file = join(tree, r.file)
      const text = readFileSync(file, 'utf8')
      writeFileSync(
        file,
        text.replace(r.take, () => r.put),
      )
      const without = passes(r)
      writeFileSync(file, text)
      if (without.passed) figures.missed.push(r.rule)
      o.say?.(`${r.rule} ${without.passed ? 'IS NOT MISSED' : 'is missed'}`)
    }
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
  figures.trouble.push(...figures.missed.map(r => `${r}: its story passes without its rule`))
  return figures
}
