import { packageRoot } from '#program/environment'
import { strayNames } from './names.ts'
import { impurities } from './purity.ts'

/** What no linter knows of the house: what is pure is so through all its imports, and subjects are known by name to themselves alone. */
const found = [
  ...impurities(packageRoot).map(way => `not pure: ${way}`),
  ...strayNames(packageRoot).map(place => `a subject's name outside its folder: ${place}`),
]
for (const line of found) console.error(line)
if (found.length > 0) process.exit(1)
