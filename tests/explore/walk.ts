import { dice } from '../campaigns/dice.ts'
import { ModelDisk } from './disk.ts'
import { check, diskStands } from './invariants.ts'
import { firstOuter } from './outer.ts'
import { remains, type Scene } from './search.ts'
import { World } from './world.ts'

const longest = 24
/** One event in so many is cut short by a kill. */
const killEvery = 7

/**
 * Long ways taken by chance, where the search has every short one: nothing is taken back, so an event costs little. Returns the first
 * way to something wrong, or nothing.
 */
export const walk = (scene: Scene, events: number, seed: number): string[] | undefined => {
  const { below, pick } = dice(seed)
  const { rules } = scene
  for (let done = 0; done < events; ) {
    let world = new World({ outer: firstOuter('whole'), disk: new ModelDisk() }, rules)
    const trace: string[] = []
    const length = 4 + below(longest)
    for (let n = 0; n < length; n++, done++) {
      const variant = pick(scene.variants)
      const boot = { name: `start (${variant})`, run: (w: World) => w.boot(variant) }
      const possible = world.agent ? scene.alive.filter(e => e.when?.(world) ?? true) : [boot, ...scene.dead]
      const event = pick(possible)
      const before = new ModelDisk(world.disk)
      world.deeds = []
      world.handedOver = []
      event.run(world)
      if (world.agent) world.settled()
      trace.push(event.name)
      const wrong = check(world)
      if (wrong) return [...trace, wrong]
      if (!scene.kills || !world.agent || below(killEvery) > 0) continue
      const commits = world.deeds.filter(d => 'commit' in d).length
      const kept = below(commits + 1)
      const dead = remains(world, before, world.deeds, kept, below(2) === 0)
      trace.push(`killed after commit ${kept} of ${commits}`)
      const torn = diskStands(dead.disk)
      if (torn) return [...trace, torn]
      world = new World(dead, rules)
    }
  }
  return undefined
}
