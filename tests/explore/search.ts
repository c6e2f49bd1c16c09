import { ModelDisk } from './disk.ts'
import { check, diskStands } from './invariants.ts'
import { cloneOuter, firstOuter, type Rules } from './outer.ts'
import type { Variant } from './site.ts'
import { stateKey } from './stateKey.ts'
import { type Deed, type Snapshot, World } from './world.ts'

export type Event = {
  name: string
  /** Whether it can happen now; an event that would change nothing need not be tried. */
  when?: (w: World) => boolean
  run(w: World): void
}
export type Scene = {
  name: string
  rules: Rules
  /** Site files with which the agent may be started. */
  variants: readonly Variant[]
  /** What may happen while the agent runs, and while it lies dead. */
  alive: readonly Event[]
  dead: readonly Event[]
  /** Killed after every commit of every event. */
  kills: boolean
  /** States after which the search of this scene stops; what it saw until then is exhaustive to the printed depth. */
  states: number
}
export type Found = {
  scene: string
  states: number
  transitions: number
  /** Every order of so many events was tried; `closed` when there are no further states at all. */
  depth: number
  closed: boolean
  violation?: { what: string; trace: string[] }
}

/** A state is remembered as the way to it from its last kill, where memory is empty and only disk and devices count. */
type Node = { depth: number; event: string; parent: Node | undefined } & (
  | { dead: Snapshot }
  | { dead?: undefined; run: (w: World) => void }
)

const settledAfter = (run: (w: World) => void) => (w: World) => {
  run(w)
  w.settled()
}

const traceOf = (node: Node | undefined, last: string[]): string[] => {
  const names = [...last]
  for (let n = node; n?.parent; n = n.parent) names.unshift(n.event)
  return names
}

const rebuild = (node: Node, rules: Rules): World => {
  const way: ((w: World) => void)[] = []
  let n = node
  while (!n.dead) {
    way.push(n.run)
    n = n.parent as Node
  }
  const world = new World(n.dead, rules)
  for (const run of way.reverse()) run(world)
  world.deeds = []
  world.handedOver = []
  return world
}

/** What is left of a run that is killed after `kept` commits: those on the disk, and the devices as far as they had been told. */
export const remains = (w: World, before: Snapshot['disk'], deeds: readonly Deed[], kept: number, lagging: boolean): Snapshot => {
  const outer = cloneOuter(w.outer)
  outer.frozen = false
  outer.queue = []
  const disk = before
  let commits = 0
  const sent: (() => void)[] = []
  for (const d of deeds) {
    if ('commit' in d) {
      if (commits < kept) disk.write(d.commit)
      commits++
    } else if (commits > kept && !lagging) sent.push(() => d.undo(outer))
  }
  for (const undo of sent.reverse()) undo()
  return { outer, disk }
}

/** Breadth first, so that the first way to something wrong is a shortest one. */
export const explore = (scene: Scene, limit = scene.states): Found => {
  const { rules } = scene
  const seen = new Set<string>()
  const root: Node = { depth: 0, event: '', parent: undefined, dead: { outer: firstOuter('whole'), disk: new ModelDisk() } }
  let queue: Node[] = [root]
  const found: Found = { scene: scene.name, states: 0, transitions: 0, depth: 0, closed: false }
  const boots = scene.variants.map((v): Event => ({ name: `start (${v})`, run: w => w.boot(v) }))
  const wrong = (node: Node, event: string[], what: string): Found => {
    found.violation = { what, trace: traceOf(node, event) }
    return found
  }
  while (queue.length > 0) {
    const next: Node[] = []
    for (const node of queue) {
      const events = node.dead ? [...boots, ...scene.dead] : scene.alive
      let fresh: World | undefined = rebuild(node, rules)
      const possible = events.filter(e => e.when?.(fresh as World) ?? true)
      for (const e of possible) {
        const world: World = fresh ?? rebuild(node, rules)
        fresh = undefined
        const disk = scene.kills ? new ModelDisk(world.disk) : world.disk
        const starting = node.dead !== undefined
        e.run(world)
        if (world.agent) world.settled()
        found.transitions++
        const what = check(world)
        if (what) return wrong(node, [e.name], what)
        const key = stateKey(world)
        const child = { depth: node.depth + 1, event: e.name, parent: node }
        if (!seen.has(key)) {
          seen.add(key)
          if (world.agent) next.push({ ...child, run: settledAfter(e.run) })
          else next.push({ ...child, dead: { outer: cloneOuter(world.outer), disk: world.disk } })
        }
        if (!scene.kills || !world.agent || (starting && world.deeds.length === 0)) continue
        const commits = world.deeds.filter(d => 'commit' in d).length
        const sends = world.deeds.length - commits
        for (let kept = 0; kept <= commits; kept++)
          for (const lagging of sends > 0 && kept < commits ? [false, true] : [false]) {
            const dead = remains(world, new ModelDisk(disk), world.deeds, kept, lagging)
            const name = `${e.name}, killed after commit ${kept} of ${commits}${lagging ? ', the device being ahead' : ''}`
            found.transitions++
            const torn = diskStands(dead.disk)
            if (torn) return wrong(node, [name], torn)
            const deadKey = stateKey(new World(dead, rules))
            if (seen.has(deadKey)) continue
            seen.add(deadKey)
            next.push({ depth: child.depth, event: name, parent: node, dead })
          }
        found.states = seen.size
      }
      if (seen.size >= limit) return found
    }
    found.depth++
    found.states = seen.size
    queue = next
  }
  found.closed = true
  return found
}

export const tellFound = (f: Found): string => {
  const how = f.closed ? 'there are no more' : `every order of ${f.depth} events and part of those of ${f.depth + 1}`
  const wrong = f.violation ? `\n  ${f.violation.what}\n${f.violation.trace.map((e, i) => `  ${i + 1}. ${e}`).join('\n')}` : ''
  return `explored ${f.scene}: ${f.states} states, ${f.transitions} transitions, ${how}${wrong}`
}
