import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = ['tests/unit/anyProgramme.test.ts', 'tests/unit/anyEvents.test.ts']

/** What any programme and any order of events must keep, tried as often as is asked; `npm test` tries less of it. */
export const propertyCampaign = (o: { count: number; seed: number }): { files: string[]; runs: number; trouble: string[] } => {
  const env = { ...process.env, ZHIBAN_PROPERTY_RUNS: String(o.count), ZHIBAN_SEED: String(o.seed) }
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'unit', ...files], { cwd: root, env, stdio: 'inherit' })
  return { files, runs: o.count, trouble: status === 0 ? [] : ['what was found stands above, with its seed'] }
}
