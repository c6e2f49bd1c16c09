import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Subject } from '../../console/server/desk/subject.ts'
import { manualOf } from '../../console/server/engine/manual.ts'
import { subjects } from '../../console/subjects/all.ts'
import { sourceFiles } from './sources.ts'

/** Words that are ids of the manual and mean something else where they stand: the value of a site file, of a pace, of a list. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  'broker/contract/pace.ts': ['emergency'],
  'broker/contract/site.ts': ['overtime'],
  'console/api/models/cases.ts': ['emergency'],
  'console/server/demo/demoClock.ts': ['emergency'],
  'console/server/site/directory.ts': ['overtime'],
  'console/server/engine/services.ts': ['repair'],
  'console/subjects/handover/draft.ts': ['emergency'],
  'console/subjects/handover/screens/HandoverItems.svelte': ['emergency'],
}
/** Frozen. */
const apart = ['console/server/books/migrations.ts']

const idsOf = (list: readonly Subject[]): string[] => {
  const { procedures, registers, routines } = manualOf(list)
  return [...procedures, ...registers, ...routines].map(x => x.id)
}

/** The folder of a subject in which each of its names is given. */
const homesOf = (root: string, ids: ReadonlySet<string>): ReadonlyMap<string, string> =>
  new Map(
    sourceFiles(root)
      .filter(f => /^console\/subjects\/[^/]+\//.test(f))
      .flatMap(f =>
        [...readFileSync(join(root, f), 'utf8').matchAll(/^\s+id: '([a-z-]+)',$/gm)]
          .map(m => m[1] ?? '')
          .filter(id => ids.has(id))
          .map(id => [id, `${dirname(f)}/`] as const),
      ),
  )

/** Where what a subject is called by stands outside its folder: nothing else knows it by name, nor do the other subjects. */
export const strayNames = (root: string): string[] => {
  const ids = new Set(idsOf(subjects))
  const homes = homesOf(root, ids)
  return sourceFiles(root)
    .filter(f => !apart.includes(f))
    .flatMap(file =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          [...line.matchAll(/(['"`])([a-z][a-z-]*)\1/g)]
            .map(m => m[2] ?? '')
            .filter(word => ids.has(word) && !file.startsWith(homes.get(word) ?? '-') && !otherWords[file]?.includes(word))
            .map(word => `${file}:${i + 1}: '${word}'`),
        ),
    )
}
