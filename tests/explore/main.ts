import { allKnown } from './known.ts'
import { scenes } from './scenes.ts'
import { explore, tellFound } from './search.ts'

/**
 * `npm run explore [STATES] [SCENE,…] [FAULT,…]`: so many states a scene, of these scenes, with these known faults not stepped over.
 * Exit code 1 with the shortest trace when something is wrong.
 */
const [states, only, awake = ''] = process.argv.slice(2)
const known = new Set([...allKnown].filter(k => !awake.split(',').includes(k)))
for (const scene of scenes) {
  if (only && !only.split(',').includes(scene.name)) continue
  const found = explore(scene, known, states ? Number(states) : scene.states)
  process.stdout.write(`${tellFound(found)}\n`)
  if (found.violation) process.exit(1)
}
