import { scenes } from './scenes.ts'
import { explore, tellFound } from './search.ts'

/** `npm run explore [STATES] [SCENE,…]`: so many states a scene, of these scenes. Exit code 1 with the shortest trace to what is wrong. */
const [states, only] = process.argv.slice(2)
for (const scene of scenes) {
  if (only && !only.split(',').includes(scene.name)) continue
  const found = explore(scene, states ? Number(states) : scene.states)
  process.stdout.write(`${tellFound(found)}\n`)
  if (found.violation) process.exit(1)
}
