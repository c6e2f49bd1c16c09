import { ask, wake } from './commands.ts'
import { begin, type DeviceId } from './outer.ts'
import type { Event, Scene } from './search.ts'
import type { World } from './world.ts'

const wait: Event = { name: 'a second passes', run: w => w.wait() }
const deadSecond: Event = {
  name: 'a second passes while dead',
  run(w) {
    w.outer.wall += 1000
  },
}
const flips = (id: DeviceId, key: string): Event[] =>
  [true, false].map(on => ({
    name: `${id}/${key} ${on ? 'on' : 'off'}`,
    when: w => w.outer[id][key] !== on,
    run(w) {
      w.outer[id][key] = on
      if (key === 'bell') w.outer.panel['bell_fb'] = on
      if (key === 'fire_in') {
        // Its own wire: the device does by itself what it does at a fire, and goes back to its command afterwards.
        w.outer[id][id === 'fan' ? 'run_fb' : 'locked'] = on ? false : (w.outer[id][id === 'fan' ? 'run' : 'lock'] ?? false)
        w.outer.trouble[id] = w.wall
      }
      w.exchange(id)
    },
  }))
const toggle = (id: DeviceId, key: string, ons: 'on' | 'off' | 'both' = 'both') =>
  flips(id, key).filter((_, i) => ons === 'both' || (ons === 'on') === (i === 0))
const links = (id: DeviceId): Event[] => [
  { name: `${id} is lost`, when: w => w.outer.link[id], run: w => w.link(id, false) },
  { name: `${id} is back`, when: w => !w.outer.link[id], run: w => w.link(id, true) },
]
const asks = (...names: string[]): Event[] =>
  names.map(name => ({ name, when: w => w.outer.issued[name] === undefined, run: w => ask(w, name) }))
const again = (...names: string[]): Event[] =>
  names.map(name => ({ name: `${name} comes once more`, when: w => w.outer.issued[name] !== undefined, run: w => ask(w, name) }))
/** The device's effect falls away from its command, and returns to it. */
const relapse = (id: 'fan' | 'door'): Event[] => {
  const [cmd, fb] = id === 'fan' ? ['run', 'run_fb'] : ['lock', 'locked']
  const set = (w: World, stuck: boolean) => {
    w.outer[id][fb as string] = w.outer[id][cmd as string] !== stuck
    w.outer.stuck[id] = stuck
    w.outer.trouble[id] = w.wall
    w.exchange(id)
  }
  return [
    { name: `${id}/${fb} falls back`, when: w => !w.outer.stuck[id], run: w => set(w, true) },
    { name: `${id}/${fb} follows again`, when: w => w.outer.stuck[id] === true, run: w => set(w, false) },
  ]
}
const believed: Event[] = [true, false].map(doubt => ({
  name: doubt ? 'the panel is not believed' : 'the panel is believed again',
  when: w => w.outer.suspect !== doubt,
  run(w) {
    w.outer.suspect = doubt
    w.agent?.onSuspect('panel', doubt)
    w.exchange('panel')
  },
}))

const refuses: Event[] = [true, false].map(on => ({
  name: on ? 'the fan refuses what it is told' : 'the fan takes what it is told',
  when: w => w.outer.refuses !== on,
  run(w) {
    w.outer.refuses = on
    w.outer.trouble['fan'] = w.wall
  },
}))
const answers: Event[] = (['taken', 'no-answer'] as const).map(how => ({
  name: `the write is answered: ${how}`,
  when: w => w.pending.some(p => p.ref === 'fan/run' && p.reached === 'yes') && !w.outer.refuses,
  run: w => w.answer(how),
}))
/** Somebody switches at the device itself. */
const byHand = (id: 'fan' | 'door', key: 'run' | 'lock'): Event => ({
  name: `${id}/${key} is switched by hand`,
  run(w) {
    const on = !w.outer[id][key]
    w.outer[id][key] = on
    w.outer[id][id === 'fan' ? 'run_fb' : 'locked'] = on
    w.outer.trouble[id] = w.wall
    w.outer.trouble[`${id}-by-hand`] = w.wall
    w.exchange(id)
  },
})
/** The whole process stands still, while the console goes on. */
const still: Event[] = [
  {
    name: 'the agent stands still',
    when: w => !w.outer.frozen,
    run(w) {
      w.outer.frozen = true
    },
  },
  ...[5, 15, 700].map(seconds => ({
    name: `${seconds} s pass`,
    when: (w: World) => w.outer.frozen && w.wall - begin < 900_000,
    run(w: World) {
      w.outer.wall += seconds * 1000
    },
  })),
  ...[false, true].map(timer => ({
    name: timer ? 'it runs again, its timer first' : 'it runs again, what waited first',
    when: (w: World) => w.outer.frozen,
    run: (w: World) => wake(w, timer),
  })),
]
const beat: Event = { name: 'the console beats', when: w => w.outer.queue.length < 4 && w.mayBeat(), run: w => w.beat() }

const prompt = { prompt: true, beats: true }
const whole = ['whole'] as const

/** Small sets of events, each in every order. Together they have everything that design §4 speaks of. */
export const scenes: readonly Scene[] = [
  {
    name: 'rule',
    rules: prompt,
    variants: whole,
    kills: true,
    states: 17_000,
    alive: [
      wait,
      ...toggle('panel', 'a1_fire'),
      ...toggle('panel', 'a2_fire'),
      ...toggle('panel', 'a2_shield'),
      ...toggle('panel', 'a1_fault', 'on'),
      ...toggle('panel', 'fire'),
      ...links('panel'),
      ...believed,
      ...asks('release-a', 'release-a-again'),
    ],
    dead: [deadSecond],
  },
  {
    name: 'two fires',
    rules: prompt,
    variants: whole,
    kills: true,
    states: 17_000,
    alive: [
      wait,
      ...asks('start-a', 'start-b', 'release-a', 'release-b', 'stop-fan'),
      ...toggle('panel', 'b1_fire'),
      ...toggle('panel', 'bell', 'on'),
      ...relapse('fan'),
      ...relapse('door'),
      ...links('fan'),
    ],
    dead: [deadSecond],
  },
  {
    name: 'tests',
    rules: prompt,
    variants: whole,
    kills: true,
    states: 13_000,
    alive: [
      wait,
      ...asks('test-a', 'test-a-anew', 'end-test-a', 'start-a', 'release-a'),
      ...toggle('panel', 'a1_fire'),
      ...toggle('panel', 'a2_fire'),
      ...toggle('panel', 'a1_shield', 'on'),
      ...links('panel'),
    ],
    dead: [deadSecond],
  },
  {
    name: 'commands',
    rules: { ...prompt, prompt: false },
    variants: whole,
    kills: true,
    states: 20_000,
    alive: [
      wait,
      ...asks('stop-fan', 'run-fan', 'free-fan', 'start-a'),
      ...again('stop-fan'),
      ...answers,
      ...links('fan'),
      ...refuses,
      ...relapse('fan'),
      ...toggle('fan', 'trip'),
    ],
    dead: [deadSecond],
  },
  {
    name: 'fire inputs',
    rules: prompt,
    variants: whole,
    kills: true,
    states: 13_000,
    alive: [
      wait,
      ...asks('open-door', 'pass-door', 'lock-door', 'run-fan', 'start-a', 'start-b', 'release-a'),
      ...toggle('door', 'fire_in'),
      ...toggle('fan', 'fire_in'),
      ...links('door'),
      byHand('door', 'lock'),
      byHand('fan', 'run'),
    ],
    dead: [deadSecond],
  },
  {
    name: 'site files',
    rules: prompt,
    variants: ['whole', 'without-a', 'a-renamed', 'b-with-door', 'a-without-door', 'bare'],
    kills: true,
    states: 13_000,
    alive: [
      wait,
      ...asks('start-a', 'start-b', 'release-a', 'release-a9', 'release-b', 'test-a'),
      ...toggle('panel', 'fire', 'on'),
      ...toggle('panel', 'a1_fire', 'on'),
      ...toggle('panel', 'a2_fire', 'on'),
      ...links('panel'),
    ],
    dead: [deadSecond],
  },
  {
    name: 'clock',
    rules: { ...prompt, beats: false },
    variants: whole,
    kills: true,
    states: 10_000,
    alive: [wait, beat, ...asks('stop-fan', 'start-a'), ...again('stop-fan'), ...still],
    dead: [deadSecond],
  },
]
