import type { Command } from '#contract/messages'
import { splitRef } from '#contract/names'
import { tinySite } from './site.ts'
import type { World } from './world.ts'

export const ttlMs = 2000
/** Holds and tests end so long after they were asked for. */
export const lastsMs = 2000

/** What people may ask for; each has one id for ever. */
const acts = (wall: number): Record<string, Command['act']> => {
  const until = wall + lastsMs
  const hold = (point: string, value: boolean) => ({ kind: 'hold' as const, point, value, level: 8, until })
  return {
    'stop-fan': hold('fan/run', false),
    'run-fan': hold('fan/run', true),
    'free-fan': { kind: 'release', point: 'fan/run', level: 8 },
    'open-door': hold('door/lock', false),
    'pass-door': { kind: 'let-pass', point: 'door/lock', value: false, seconds: 1 },
    'lock-door': hold('door/lock', true),
    'release-a': { kind: 'release-fire', compartment: 'a' },
    'release-a-again': { kind: 'release-fire', compartment: 'a' },
    'release-a9': { kind: 'release-fire', compartment: 'a9' },
    'release-b': { kind: 'release-fire', compartment: 'b' },
    'start-a': { kind: 'start-fire', compartment: 'a' },
    'start-b': { kind: 'start-fire', compartment: 'b' },
    'test-a': { kind: 'begin-test', compartment: 'a', until },
    'test-a-anew': { kind: 'begin-test', compartment: 'a', until: until + 1000 },
    'test-b': { kind: 'begin-test', compartment: 'b', until },
    'end-test-a': { kind: 'end-test', compartment: 'a' },
    'end-test-b': { kind: 'end-test', compartment: 'b' },
  }
}

/** The console sends a command: a new one under its name, or exactly the same once more. */
export const ask = (w: World, name: string, id = name) => {
  const act = acts(w.wall)[name]
  if (!act) throw new Error(`nobody can ask for '${name}'`)
  const known = w.outer.issued[id]
  const command = known ?? { id, issuedAt: w.wall, ttlMs, by: { id, what: { zh: id, en: id } }, act }
  w.outer.issued[id] = command
  if (w.outer.frozen) w.outer.queue.push(command)
  else receive(w, command)
}

/** Why a command must be refused, told from the model alone; undefined when it must be done. */
const mustRefuse = (w: World, act: Command['act']): string | undefined => {
  const { model, outer } = w
  if ('point' in act) {
    const [device] = splitRef(act.point) as ['fan' | 'door', string]
    if (!outer.link[device]) return 'link-lost'
    if (act.kind === 'release') return model.holds[act.point] ? undefined : 'nothing-held'
    const fire = Object.values(model.latched).some(l => l.held.some(h => h.ref === act.point))
    if (act.kind === 'let-pass') return fire || model.holds[act.point] ? 'held-already' : undefined
    if (act.until <= w.wall) return 'end-in-the-past'
    if (fire || (act.point === 'fan/run' && model.trip)) return 'outranked'
    return model.fireIn[device] && act.value !== false ? 'fire-input' : undefined
  }
  const { compartment } = act
  const latched = model.latched[compartment] !== undefined
  if (act.kind === 'release-fire') {
    if (!latched) return 'not-latched'
    if (!model.known(compartment) && !tinySite(model.variant).devices.some(d => d.id === 'panel')) return undefined
    if (model.panel.trust !== 'good') return 'panel-unverified'
    return model.panel.bits['fire'] ? 'panel-in-alarm' : undefined
  }
  if (act.kind === 'end-test') return model.tests[compartment] === undefined ? 'not-testing' : undefined
  if (!model.known(compartment)) return 'unknown-compartment'
  if (latched) return 'already-latched'
  return act.kind === 'begin-test' && act.until <= w.wall ? 'end-in-the-past' : undefined
}

const carryOut = (w: World, { id, act }: Command) => {
  const { model, wall } = w
  const c = 'compartment' in act ? model.known(act.compartment) : undefined
  if (act.kind === 'hold') model.holds[act.point] = { id, value: act.value, until: act.until }
  else if (act.kind === 'let-pass') model.holds[act.point] = { id, value: act.value, until: wall + act.seconds * 1000 }
  else if (act.kind === 'release') delete model.holds[act.point]
  else if (act.kind === 'release-fire') model.release(act.compartment)
  else if (act.kind === 'begin-test') model.tests[act.compartment] = act.until
  else if (act.kind === 'start-fire' && c) model.trigger(c, wall)
  else if (act.kind === 'end-test') {
    delete model.tests[act.compartment]
    model.look(wall, act.compartment)
  }
}

/**
 * Whether the console's time is known: one heartbeat has come as it was sent, no later for its clock than the best before it, and
 * the newest is not older than 15 s.
 */
const knowsTheTime = (w: World): boolean => {
  if (w.rules.beats) return true
  let best = -Infinity
  let steady = false
  for (const { clock, at } of w.beats) {
    steady ||= clock - at - best < 500 && best > -Infinity
    best = Math.max(best, clock - at)
  }
  return steady && w.beats.some(b => w.wall - b.clock <= 15_000)
}

/**
 * The agent takes a command. Invariant (h): each id has one effect for ever, none is carried out after its end by the console's
 * true clock; (d): what must be possible is, and every refusal has its right reason.
 */
export const receive = (w: World, command: Command) => {
  const { id, act } = command
  const before = w.disk.steps.get(id) ?? []
  const why = mustRefuse(w, act)
  const late = w.wall > command.issuedAt + command.ttlMs
  const knows = knowsTheTime(w)
  if (before.length === 0 && !late && why === undefined && knows) carryOut(w, command)
  w.agent?.onMessage(command)
  const [step, ...more] = (w.disk.steps.get(id) ?? []).slice(before.length)
  if (before.length > 0) {
    if (step && step !== 'superseded') w.wrong.push(`h-once: ${id} came again and was ${step}`)
    return
  }
  const reason = w.reasons.get(id)
  const done = step === 'accepted' || step === 'confirmed'
  if (late && done)
    w.wrong.push(`h-after-its-end: ${id} was ${step} ${w.wall - command.issuedAt - command.ttlMs} ms after its end`)
  else if (late) return
  else if ((reason === 'no-console-clock') !== !knows)
    w.wrong.push(`h-clock: ${id} was ${step} (${reason}), the time is ${knows ? '' : 'not '}known`)
  else if (!knows) return
  else if (why === undefined && !done) w.wrong.push(`d-no-dead-end: ${id} was ${step} (${reason})`)
  else if (why !== undefined && (done || step !== 'refused' || reason !== why))
    w.wrong.push(`refusals: ${id} was ${step} (${reason}) instead of ${why}`)
  if (more.some(s => s !== 'failed' && s !== 'written' && s !== 'confirmed'))
    w.wrong.push(`j-steps: ${id} went ${more.join(', ')}`)
}

/** An agent that has been stopped runs again: what waited in its socket comes first, or its own timer does. */
export const wake = (w: World, timerFirst: boolean) => {
  const queue = w.outer.queue.splice(0)
  w.outer.frozen = false
  // Whoever slept may find that a read-back's limit has passed meanwhile.
  w.outer.trouble['fan'] = w.outer.trouble['door'] = w.wall
  if (timerFirst) w.tick()
  for (const m of queue) {
    if ('clock' in m) w.hear(m)
    else receive(w, m)
  }
  w.answer()
  for (const id of ['panel', 'fan', 'door'] as const) w.exchange(id)
}
