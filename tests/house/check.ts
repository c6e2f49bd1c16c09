import { packageRoot } from '#program/environment'
import { strayNames } from './names.ts'
import { impurities } from './purity.ts'
import { strayStatements } from './statements.ts'

/** What no linter knows of the house: what is pure is so through all its imports, subjects are known by name to themselves alone, and what answers requests asks the books nothing itself. */
const found = [
  ...impurities(packageRoot).map(way => `not pure: ${way}`),
  ...strayNames(packageRoot).map(place => `a subject's name outside its folder: ${place}`),
  ...strayStatements(packageRoot).map(place => `a statement to the books where requests are answered: ${place}`),
]
for (const line of found) console.error(line)
if (found.length > 0) process.exit(1)
