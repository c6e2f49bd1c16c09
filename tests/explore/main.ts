import { scenes } from './scenes.ts'
import { explore, tellFound } from './search.ts'
import { walk } from './walk.ts'

/**
 * `npm run explore [STATES] [SCENE,…]`: so many states a scene, of these scenes; `npm run explore walk [EVENTS] [SEED]`: long ways by
 * chance. Exit code 1 with the trace when something is wrong.
 */
const [first, second, third] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
for (const scene of scenes) {
  const named = first !== 'walk' ? second : undefined
  if (named && !named.split(',').includes(scene.name)) continue
  if (first === 'walk') {
    const trace = walk(scene, Number(second ?? 50_000), Number(third ?? 1))
    say(`${scene.name}: ${trace ? `\n  ${trace.join('\n  ')}` : 'nothing wrong on the ways that chance took'}`)
    if (trace) process.exit(1)
  } else {
    const found = explore(scene, first ? Number(first) : scene.states)
    say(tellFound(found))
    if (found.violation) process.exit(1)
  }
}
