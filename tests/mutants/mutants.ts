import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dice } from '../campaigns/dice.ts'
import { type Mutant, mutantsOf } from './make.ts'
import { survivors } from './survivors.ts'

/** What decides who may hold a point, when a fire latches, and how a command lives. */
const files = [
  ...['priorityArrays', 'fireLinkage', 'linkageWatch', 'fireTests', 'commandDesk', 'writer', 'decider'].map(f => `control/${f}`),
  ...['fireRule', 'fireInput', 'consoleClock', 'commandCheck'].map(f => `domain/${f}`),
].map(f => `edge-agent/${f}.ts`)

const needed = ['broker', 'edge-agent', 'tests', 'package.json', 'tsconfig.json', 'vitest.config.ts']
const node = ['--conditions=source', '--import', 'tsx']
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit']
const judging = ['writer', 'priorityArrays', 'fireTests', 'commands', 'fireLinkage', 'linkageWatch', 'decider']
const unitTests = judging.map(f => `tests/unit/${f}.test.ts`)
/** From cheap to dear; a mutant that one of them notices needs no further one. */
const judges: [name: string, args: string[]][] = [
  ['unit tests', [...vitest, ...unitTests]],
  ['short walks', [...node, 'tests/explore/main.ts', 'walk', '1500', '1']],
  ['long walks', [...node, 'tests/explore/main.ts', 'walk', '10000', '2']],
]
/** Of the processor, not of the clock: a busy machine must not kill a mutant. */
const limitCpuS = 120

export type MutantFigures = {
  seed: number
  mutants: number
  killed: Record<string, number>
  survived: { at: string; id: string; reason: string }[]
  trouble: string[]
}

/**
 * Mutants of the deciding files, each in a copy of the tree, against the explorer and the unit tests of those files. One that
 * survives must stand in `survivors.ts` with its reason. With COUNT, so many of them taken by chance.
 */
export const mutantCampaign = async (o: {
  count?: number
  seed: number
  say: (line: string) => void
}): Promise<MutantFigures> => {
  const root = join(import.meta.dirname, '../..')
  const tree = mkdtempSync(join(tmpdir(), 'zhiban-mutants-'))
  const figures: MutantFigures = { seed: o.seed, mutants: 0, killed: {}, survived: [], trouble: [] }
  try {
    for (const name of needed) cpSync(join(root, name), join(tree, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
    const killer = (): string | undefined => {
      for (const [name, args] of judges) if (!content(tree, args)) return name
      return undefined
    }
    const healthy = killer()
    if (healthy) return { ...figures, trouble: [`without any mutation, ${healthy} is not content`] }
    for (const m of chosen(root, o)) {
      writeFileSync(join(tree, m.file), m.text)
      const by = killer()
      writeFileSync(join(tree, m.file), readFileSync(join(root, m.file)))
      figures.mutants++
      if (by) figures.killed[by] = (figures.killed[by] ?? 0) + 1
      else {
        const reason = survivors[m.id]
        figures.survived.push({ at: `${m.file}:${m.line}`, id: m.id, reason: reason ?? '' })
        if (!reason) figures.trouble.push(`${m.file}:${m.line} survived: ${m.id}`)
      }
      o.say(`${figures.mutants}: ${by ? `killed by ${by}` : 'SURVIVED'}: ${m.file}:${m.line} ${m.id.slice(m.file.length + 2)}`)
    }
    return figures
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

/** Whether a judge finds nothing wrong. One that somebody else has ended says nothing: then there are no figures at all. */
const content = (cwd: string, args: readonly string[]): boolean => {
  const env = { ...process.env, ZHIBAN_PROPERTY_RUNS: '60', ZHIBAN_SEED: '1' }
  const limited = ['-c', `ulimit -S -t ${limitCpuS}; exec "$@"`, 'sh', process.execPath, ...args]
  const { status, signal } = spawnSync('sh', limited, { cwd, env, stdio: 'ignore' })
  if (signal && signal !== 'SIGXCPU') throw new Error(`a judge was ended from outside (${signal}): no figures`)
  return status === 0
}

const chosen = (root: string, o: { count?: number; seed: number }): Mutant[] => {
  const all = files.flatMap(file => mutantsOf(file, readFileSync(join(root, file), 'utf8')))
  if (o.count === undefined || o.count >= all.length) return all
  const { below } = dice(o.seed)
  return Array.from({ length: o.count }, () => all.splice(below(all.length), 1)[0] as Mutant)
}
