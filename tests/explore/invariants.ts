import { refOf } from '#contract/names'
import { type Holder, level } from '#contract/priority'
import { isTrusted } from '#contract/quality'
import type { Linkage } from '#contract/site'
import type { Measured } from '../../edge-agent/control/linkageWatch.ts'
import type { ModelDisk } from './disk.ts'
import type { Latch, LatchedDoc } from './model.ts'
import { feedbackLimitMs, writeLimitMs } from './site.ts'
import type { World } from './world.ts'

type Check = (w: World) => string | undefined
const refs = ['fan/run', 'door/lock'] as const
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const keysOf = (d: ModelDisk, bucket: 'latched' | 'test' | 'witness' | 'standing') =>
  [...d.within(bucket)].map(([key]) => key).sort()

/** (a) "On the disk before anything is sent": what stands in memory is what a restart would find. */
const memoryIsDisk: Check = ({ agent, disk, model }) => {
  if (!agent) return undefined
  for (const ref of refs)
    if (!same(agent.arrays.of(ref).holders, disk.read('holder', ref) ?? [])) return `array of ${ref} differs from the disk`
  const latched = [...keysOf(disk, 'latched')]
  for (const id of ['a', 'a9', 'b']) {
    if (agent.fire.isLatched(id) !== latched.includes(id)) return `${id} is latched in memory or on the disk only`
    if (!same(agent.fire.testOf(id), disk.read('test', id))) return `the test of ${id} differs from the disk`
    const known = Object.entries(model.witness[id] ?? {}).sort()
    const kept = Object.entries(disk.read<object>('witness', id) ?? {}).sort()
    if (!same(known, kept)) return `g: witnesses of ${id} are ${JSON.stringify(kept)}, should be ${JSON.stringify(known)}`
  }
  if (!same([...agent.alarms.standing.keys()].sort(), keysOf(disk, 'standing'))) return 'standing alarms differ from the disk'
  return undefined
}

/** (d), (f), (g): "Only a release ends it", "a test withholds the actions", "any two independent alarm devices within the window". */
const latchedAsTheRuleSays: Check = ({ disk, model }) => {
  const latched = Object.keys(model.latched).sort()
  if (!same(keysOf(disk, 'latched'), latched)) return `latched: ${keysOf(disk, 'latched')}, should be: ${latched}`
  const tests = Object.keys(model.tests).sort()
  return same(keysOf(disk, 'test'), tests) ? undefined : `under test: ${keysOf(disk, 'test')}, should be: ${tests}`
}

/** (c), (e): "A level keeps a value per cause; a cause that ends leaves the others as they are." */
const arraysAsTheyMust: Check = ({ agent, model, wall }) => {
  if (!agent) return undefined
  for (const ref of refs) {
    const { holders } = agent.arrays.of(ref)
    const fire = holders.find(h => h.level === level.fire)
    const wanted = Object.entries(model.latched).flatMap(([id, l]) =>
      l.held.filter(h => h.ref === ref).map(h => [id, h.value, h.rank]),
    )
    const causes = (fire?.causes ?? []).map(c => [c.id, c.value, c.rank])
    if (!same(causes.map(String).sort(), wanted.map(String).sort())) return `${ref}: level 2 holds ${causes}, should be ${wanted}`
    const trip = holders.find(h => h.level === level.protection)
    if ((trip !== undefined) !== (ref === 'fan/run' && model.trip)) return `${ref}: level 5 is ${trip?.value}`
    const hold = holders.find(h => h.level === level.operator)
    const must = model.holds[ref]
    if (hold?.causes[0]?.id !== must?.id || hold?.value !== must?.value)
      return `${ref}: level 8 is of ${hold?.causes[0]?.id}, should be ${must?.id}`
    if (holders.some(h => h.until !== null && h.until <= wall)) return `${ref}: an entry outlives its end`
    if (holders.some((h, i) => i > 0 && h.level <= (holders[i - 1]?.level ?? 0)))
      return `${ref}: levels stand twice or out of order`
    if (agent.arrays.value(ref) !== model.winner(ref)) return `${ref}: the winner is ${agent.arrays.value(ref)}`
    const ends = [...agent.arrays.all.values()].flatMap(a => a.holders.map(h => h.until ?? Infinity))
    if (agent.arrays.soonestEnd !== Math.min(Infinity, ...ends)) return 'the soonest end is another'
  }
  return undefined
}

const docOf = (w: World, id: string) => w.disk.read<LatchedDoc>('latched', id)
const overruled = (w: World, l: Linkage) => l.by === 'agent' && w.model.winner(refOf(l.device, l.point)) !== l.value

/** What an alarm about one action must be now: it must stand, must not, or may. */
const alarmMust = (w: World, l: Linkage, m: Measured, elapsed: number): boolean | undefined => {
  if (overruled(w, l)) return false
  const back = w.agent?.image.get(refOf(l.device, l.feedback.point))
  if (m.feedbackMs !== null) return isTrusted(back) ? back.v !== l.feedback.value : m.relapsed
  const unsent = m.startedMs === null && (elapsed > l.startLimitMs || (l.by === 'agent' && !w.agent?.image.linkOk(l.device)))
  if (m.missing || unsent || elapsed > feedbackLimitMs) return true
  // Its start came late: whoever was told hears the end of it with the feedback.
  return m.startedMs !== null && m.startedMs > l.startLimitMs ? undefined : false
}

/** (i) "Watches it until the release": a feedback that fell back has a standing alarm, and none stands without reason. */
const linkagesWatched: Check = w => {
  const { agent, model, wall } = w
  if (!agent) return undefined
  const reasons = new Set<string>(Object.keys(model.tests).map(id => `test/${id}`))
  for (const [id, latch] of Object.entries(model.latched)) {
    const doc = docOf(w, id)
    if (!doc) return `${id} is not on the disk`
    if (!model.known(id)) reasons.add(`orphan/${id}`)
    for (const l of latch.linkages) {
      const m = doc.measured[l.id]
      if (!m) return `${id}: ${l.id} is not measured`
      const wrong = measuredRight(w, latch, l, m)
      if (wrong) return `${id}: ${wrong}`
      const key = `linkage/${id}/${l.id}`
      const must = alarmMust(w, l, m, wall - latch.at)
      if (must ?? agent.alarms.standing.has(key)) reasons.add(key)
    }
  }
  const standing = [...agent.alarms.standing.keys()].sort()
  return same(standing, [...reasons].sort()) ? undefined : `alarms: ${standing}; should be: ${[...reasons].sort()}`
}

/** "A start signal is what the device itself shows, never what we sent"; a feedback counts after it. */
const measuredRight = (w: World, latch: Latch, l: Linkage, m: Measured): string | undefined => {
  const signal = latch.signal[l.id]
  if (m.feedbackMs !== null && m.startedMs === null) return `${l.id} fed back before its signal`
  const early = signal === undefined || overruled(w, l)
  if (m.startedMs !== null && (signal === undefined || Math.abs(latch.at + m.startedMs - signal) > 1))
    return `${l.id} started ${m.startedMs} ms after the trigger, ${signal === undefined ? 'without any signal' : `its signal came after ${signal - latch.at}`}`
  if (!early && m.startedMs === null) return `${l.id}: its signal was not seen`
  const back = w.agent?.image.get(refOf(l.device, l.feedback.point))
  if (early || m.feedbackMs !== null) return undefined
  return isTrusted(back) && back.v === l.feedback.value ? `${l.id}: its feedback was not seen` : undefined
}

/** "Settle, and only then write the winner of every array": a device that can follow stands as its winner. */
const devicesFollow: Check = w => {
  const { agent, outer, model, wall } = w
  if (!agent || outer.frozen || w.pending.length > 0) return undefined
  for (const ref of refs) {
    const id = ref === 'fan/run' ? 'fan' : 'door'
    const value = model.winner(ref)
    const against = model.fireIn[id] && value !== false
    if (!outer.link[id]) continue
    if (agent.writer.isWithheld(ref) !== (against === true)) return `${ref}: withheld is ${agent.writer.isWithheld(ref)}`
    if (!against) w.judge.withheldSaid.delete(ref)
    else if (!w.judge.withheldSaid.has(ref)) return `${ref}: nobody was told that it is left to its fire input`
    if (against || (id === 'fan' && outer.refuses)) continue
    const fire = Object.values(model.latched).some(l => l.held.some(h => h.ref === ref))
    const patience = fire ? 4500 : 15_500
    const since = Math.max((outer.trouble[id] ?? -Infinity) + patience, w.wonAt.get(ref)?.at ?? wall, outer.startedAt)
    if (wall - since < 500) continue
    const now = id === 'fan' ? outer.fan['run'] : outer.door['lock']
    if (now !== value && !(id === 'door' && outer.trouble['door-by-hand']))
      return `${ref} stands at ${now} for ${wall - since} ms`
    for (const [c, latch] of Object.entries(model.latched))
      for (const l of latch.linkages) {
        const waits =
          l.by === 'agent' && refOf(l.device, l.point) === ref && l.value === value && latch.signal[l.id] === undefined
        if (waits && wall - latch.at >= 1500) return `${c}: the signal of ${l.id} was never sent`
      }
  }
  return undefined
}

/** (j) "Accepted -> written -> confirmed by read-back, or failed": exactly one end, within its time and for its reason. */
const commandsEnd: Check = w => {
  for (const [id, steps] of w.disk.steps) {
    const finals = w.disk.finals(id)
    if (finals.length > 1) return `${id} ended more than once: ${steps}`
    if (steps.filter(s => s === 'accepted').length > 1) return `${id} was accepted twice`
    const kept = w.disk.read<{ step: string; at: number; point: string }>('command', id)
    if (kept?.step !== steps.at(-1)) return `${id} is ${kept?.step} on the disk, ${steps.at(-1)} in the journal`
    if (!w.agent || w.outer.frozen || finals.length > 0) continue
    const device = kept?.point.startsWith('fan') ? 'fan' : 'door'
    if (!w.outer.link[device]) return `${id} waits for a dead device`
    if (w.pending.length === 0 && w.wall - (kept?.at ?? 0) > writeLimitMs + 1500) return `${id} never ends`
  }
  for (const [id, reason] of w.reasons) {
    if (w.disk.steps.get(id)?.at(-1) !== 'failed') continue
    const device = w.disk.read<{ point: string }>('command', id)?.point.startsWith('fan') ? 'fan' : 'door'
    const trouble = w.outer.trouble[device] !== undefined || w.outer.fan['fire_in'] || w.outer.door['fire_in']
    if (!trouble && reason !== 'link-lost-while-waiting') return `${id} failed (${reason}) though its device does as it is told`
  }
  return undefined
}

/** The same of a disk alone, after every prefix of the commits: what belongs together is there together. */
export const diskStands = (disk: ModelDisk): string | undefined => {
  const latched = disk.bucket<LatchedDoc>('latched')
  const wanted: string[] = []
  for (const [id, { linkages }] of latched)
    for (const l of linkages) if (l.by === 'agent') wanted.push(`${id} ${refOf(l.device, l.point)}`)
  const held: string[] = []
  for (const [ref, holders] of disk.bucket<Holder[]>('holder'))
    for (const h of holders) if (h.level === level.fire) for (const c of h.causes) held.push(`${c.id} ${ref}`)
  const orphan = held.find(h => !latched.has(h.split(' ')[0] ?? ''))
  if (orphan) return `disk: level 2 of ${orphan} without its latch`
  const missing = wanted.find(x => !held.includes(x))
  if (missing) return `disk: ${missing} is latched and not held`
  for (const [id] of disk.steps) if (disk.finals(id).length > 1) return `disk: ${id} ended more than once`
  return undefined
}

/** (a) The disk writes a moment later: what it was handed must still read as it did when its record was made. */
const handedOverStays: Check = w => {
  const changed = w.handedOver.find(({ body, text }) => JSON.stringify(body) !== text)
  return changed && `changed after it was handed to the disk: ${changed.text}`
}

const named: [string, Check][] = [
  ['a-memory-is-disk', memoryIsDisk],
  ['a-handed-over-stays', handedOverStays],
  ['dfg-latched-as-the-rule-says', latchedAsTheRuleSays],
  ['ce-arrays', arraysAsTheyMust],
  ['i-linkages-watched', linkagesWatched],
  ['b-devices-follow', devicesFollow],
  ['j-commands-end', commandsEnd],
]

export const check = (w: World): string | undefined => {
  if (w.wrong.length > 0) return w.wrong[0]
  if (!w.agent) return diskStands(w.disk)
  if (w.outer.frozen) return undefined
  for (const [name, holds] of named) {
    const wrong = holds(w)
    if (wrong) return `${name}: ${wrong}`
  }
  return undefined
}
