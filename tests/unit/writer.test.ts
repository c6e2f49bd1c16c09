import { expect, it } from 'vitest'
import type { JournalBody, JournalOf } from '#contract/journal'
import { splitRef } from '#contract/names'
import { type Cause, level } from '#contract/priority'
import { parseProfile } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import { PriorityArrays } from '../../edge-agent/control/priorityArrays.ts'
import { Writer } from '../../edge-agent/control/writer.ts'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import type { Written } from '../../edge-agent/field/fieldBus.ts'
import type { Reading } from '../../edge-agent/registers/decode.ts'

const text = `
profile: flap
version: 1
protocol: modbus
name: { zh: 挡板, en: Flap }
evidence: synthetic
atFire: { point: shut, value: true, input: fire_in }
points:
  shut:
    name: { zh: 关, en: Shut }
    kind: binary
    group: command
    register: { table: coil, address: 0 }
    write: { settleMs: 200, holdMs: 300, limitMs: 5000, relinquishDefault: false }
  beat:
    name: { zh: 心跳, en: Beat }
    kind: binary
    group: command
    register: { table: coil, address: 1 }
    write: { settleMs: 200, holdMs: 300, limitMs: 5000, refreshMs: 20000, relinquishDefault: true }
  vent:
    name: { zh: 百叶, en: Vent }
    kind: binary
    group: command
    register: { table: coil, address: 2 }
    write: { settleMs: 200, holdMs: 300, limitMs: 5000, refreshMs: 20000, onOverwrite: leave, relinquishDefault: false }
  fire_in:
    name: { zh: 消防输入, en: Fire input }
    kind: binary
    register: { table: discrete, address: 0 }
`
const { profile, problems } = parseProfile({ file: 'flap.yaml', text })
if (!profile) throw new Error(JSON.stringify(problems))
const cause = (id: string): Cause => ({ id, what: { zh: id, en: id } })

/** What a device says of its points; null where its answer was none. */
type Values = Record<string, Scalar | null>
const readingOf = (v: Scalar | null): Reading =>
  v === null ? { ok: false, why: 'nonsense', raw: () => '' } : { ok: true, v, raw: () => '' }

/** A writer before one device that is read when the test says so. */
const bench = (o: { leaveAlone?: boolean } = {}) => {
  let mono = 1000
  let answer: Written = 'taken'
  const image = new ProcessImage([{ id: 'f', profile }], 0)
  image.setLink('f', null, 0)
  const arrays = new PriorityArrays(
    new Map<`${string}/${string}`, Scalar>([
      ['f/shut', false],
      ['f/beat', true],
      ['f/vent', false],
    ]),
    new Map(),
  )
  const sent: [string, Scalar][] = []
  const said: JournalOf<'command'>[] = []
  const writer = new Writer({
    arrays,
    image,
    pointOf: ref => profile.points.get(splitRef(ref)[1]),
    send: async (ref, value) => {
      sent.push([ref, value])
      return answer
    },
    commit: effects => {
      for (const e of effects) if ('record' in e && (e.record as JournalBody).type === 'command') said.push(e.record as never)
    },
    mono: () => mono,
    wall: () => mono,
    onWritten: () => {},
    leaveAlone: () => o.leaveAlone ?? false,
  })
  const read = (values: Values) =>
    image.apply('f', new Map(Object.entries(values).map(([k, v]) => [k, readingOf(v)])), mono, mono)
  return {
    image,
    said,
    writer,
    arrays,
    sent,
    steps: () => said.map(s => `${splitRef(s.point)[1]} ${s.step}${s.reason ? ` ${s.reason}` : ''}`),
    answers: (how: Written) => {
      answer = how
    },
    lose: () => image.setLink('f', { reason: 'no-answer', code: null }, mono),
    /** Time passes, the device is read as it is, and what was sent has been answered. */
    async after(ms: number, values: Values = {}) {
      mono += ms
      read(values)
      writer.step()
      await Promise.resolve()
      await Promise.resolve()
    },
    hold: (value: Scalar, more: { level?: number; operator?: boolean } = {}) => {
      const at = more.level ?? level.operator
      arrays.put('f/shut', { level: at, value, causes: [cause('x')], since: 0, until: null })
      if (more.operator) writer.start('f/shut', { id: 'c', level: at, causes: [cause('x')], operator: true })
    },
  }
}
const calm = { shut: false, beat: true, vent: false, fire_in: false }

/** A bench whose device has been read once, as it shall be. */
const atRest = async () => {
  const b = bench()
  await b.after(0, calm)
  return b
}
const shuts = (b: ReturnType<typeof bench>) => b.sent.filter(([ref]) => ref === 'f/shut').map(([, v]) => v)
const beats = (b: ReturnType<typeof bench>) => b.sent.filter(([ref]) => ref === 'f/beat').map(([, v]) => v)

it('a command is written, and confirmed when it was read back after settling and stayed so', async () => {
  const b = await atRest()
  b.hold(true, { operator: true })
  await b.after(0)
  expect(b.steps()).toEqual(['shut written'])
  await b.after(100, { ...calm, shut: true })
  await b.after(200, { ...calm, shut: true })
  expect(b.steps()).toEqual(['shut written'])
  await b.after(300, { ...calm, shut: true })
  expect(b.steps()).toEqual(['shut written', 'shut confirmed'])
  expect(b.sent).toEqual([['f/shut', true]])
})

it('what is not read back in its time has failed, its hold is withdrawn, and what then holds is written', async () => {
  const b = await atRest()
  b.hold(true, { operator: true })
  await b.after(0)
  await b.after(5000, calm)
  expect(b.steps()).toEqual(['shut written'])
  await b.after(1, calm)
  expect(b.steps()).toEqual(['shut written', 'shut failed no-read-back'])
  expect(b.said.map(s => s.read)).toEqual([undefined, false])
  expect(b.arrays.of('f/shut').holders).toEqual([])
  await b.after(1, calm)
  expect(b.sent.at(-1)).toEqual(['f/shut', false])
})

it('a device that refuses is asked again after a while, and one record tells of the series; what stands after all is confirmed', async () => {
  const b = await atRest()
  b.answers('refused')
  b.hold(true, { level: level.schedule })
  await b.after(0)
  for (let s = 0; s < 14; s++) await b.after(1000, calm)
  expect(b.sent).toHaveLength(1)
  await b.after(1000, calm)
  expect(b.sent).toHaveLength(2)
  expect(b.steps()).toEqual(['shut failed write-refused'])
  b.hold(true, { level: level.fire })
  await b.after(0)
  // Somebody does it by hand.
  await b.after(300, { ...calm, shut: true })
  expect(b.steps()).toEqual(['shut failed write-refused', 'shut confirmed'])
  await b.after(300, calm)
  expect(b.steps().slice(2)).toEqual(['shut superseded overwritten', 'shut failed write-refused'])
})

it('a fire is tried again after two seconds', async () => {
  const b = await atRest()
  b.answers('refused')
  b.hold(true, { level: level.fire })
  await b.after(0)
  await b.after(1999, calm)
  expect(b.sent).toHaveLength(1)
  await b.after(1, calm)
  expect(b.sent).toHaveLength(2)
})

it('what somebody changes in the device is said once and written back, at most every 15 s', async () => {
  const b = await atRest()
  for (let s = 0; s < 15; s++) {
    await b.after(1000, { ...calm, shut: true })
    await b.after(0)
  }
  expect(b.steps().filter(s => s.endsWith('overwritten'))).toHaveLength(1)
  expect(shuts(b).length).toBeGreaterThanOrEqual(1)
  expect(shuts(b).length).toBeLessThanOrEqual(3)
})

it('what must be said again and again is written in its period, and only then', async () => {
  const b = bench()
  await b.after(0, calm)
  await b.after(100, calm)
  for (let s = 0; s < 19; s++) await b.after(1000, calm)
  expect(beats(b)).toEqual([])
  await b.after(1000, calm)
  expect(beats(b)).toEqual([true])
  for (let s = 0; s < 19; s++) await b.after(1000, calm)
  expect(beats(b)).toHaveLength(1)
  await b.after(1000, calm)
  expect(beats(b)).toHaveLength(2)
})

it('what a fire input may have done is waited for until it was read; a person waits no longer than for a read-back', async () => {
  const b = bench()
  await b.after(0, { ...calm, shut: true })
  expect(b.sent).toEqual([['f/shut', false]])
  const c = bench()
  await c.after(0, { shut: true, beat: true })
  expect(c.sent).toEqual([])
  await c.after(60_000, { shut: true, beat: true })
  expect(c.steps()).toEqual([])
  const d = bench()
  await d.after(0, { shut: true, beat: true })
  d.hold(false, { operator: true })
  await d.after(5000, { shut: true, beat: true })
  expect(d.steps()).toEqual([])
  await d.after(1, { shut: true, beat: true })
  expect(d.steps()).toEqual(['shut failed fire-input'])
  expect(d.sent).toEqual([])
})

it('an active fire input is left alone, which is said once; afterwards what stands is read first', async () => {
  const b = bench()
  await b.after(0, { shut: true, beat: true, fire_in: true })
  await b.after(1000, { shut: true, beat: true, fire_in: true })
  expect(b.writer.isWithheld('f/shut')).toBe(true)
  expect(b.sent).toEqual([])
  expect(b.steps()).toEqual(['shut superseded fire-input'])
  await b.after(1000, { ...calm, shut: true })
  expect(b.sent).toEqual([['f/shut', false]])
})

it('a program waits for a dead device and says nothing; that a fire cannot be carried out is said at once, and once', async () => {
  const b = await atRest()
  b.lose()
  b.hold(true, { level: level.schedule })
  b.writer.start('f/shut')
  await b.after(0)
  expect(b.steps()).toEqual([])
  b.hold(true, { level: level.fire })
  b.writer.start('f/shut')
  await b.after(0)
  await b.after(1000)
  expect(b.steps()).toEqual(['shut failed link-lost'])
  expect(b.sent).toEqual([])
})

it('what must be said again is said also while its point cannot be read', async () => {
  const b = await atRest()
  await b.after(100, calm)
  for (let s = 0; s < 19; s++) await b.after(1000, { ...calm, beat: null })
  expect(beats(b)).toEqual([])
  await b.after(1000, { ...calm, beat: null })
  expect(beats(b)).toHaveLength(1)
})

it('what was changed, put right and changed again has been changed twice', async () => {
  const b = await atRest()
  await b.after(1000, { ...calm, shut: true })
  for (let s = 0; s < 20; s++) await b.after(1000, calm)
  await b.after(1000, { ...calm, shut: true })
  expect(b.steps().filter(s => s === 'shut superseded overwritten')).toHaveLength(2)
})

it('what is left as somebody changed it is said once, and not written over by what must be said again', async () => {
  const b = await atRest()
  await b.after(100, calm)
  for (let s = 0; s < 60; s++) await b.after(1000, { ...calm, vent: true })
  expect(b.steps()).toEqual(['vent superseded overwritten'])
  expect(b.sent.filter(([ref]) => ref === 'f/vent')).toEqual([])
})

it('a lost answer is neither a refusal nor a success: it is told when it was not read back', async () => {
  const b = await atRest()
  b.answers('no-answer')
  b.hold(true, { operator: true })
  await b.after(0)
  expect(b.steps()).toEqual([])
  await b.after(5001, calm)
  expect(b.steps()).toEqual(['shut failed no-answer'])
  expect(b.said.at(-1)?.sinceAcceptedMs).toBe(5001)
})

it('in a series of failures a new try is not told, but what a person asks for is', async () => {
  const b = await atRest()
  b.answers('refused')
  b.hold(true, { level: level.schedule })
  await b.after(0)
  b.answers('taken')
  await b.after(15_000, calm)
  expect(b.sent).toHaveLength(2)
  expect(b.steps()).toEqual(['shut failed write-refused'])
  await b.after(5001, calm)
  b.hold(true, { operator: true })
  await b.after(0)
  expect(b.steps()).toEqual(['shut failed write-refused', 'shut written'])
})

it('that a point is left to the fire, and that it no longer is, is news for whoever shows it', async () => {
  const b = bench()
  await b.after(0, { ...calm, shut: true, fire_in: true })
  expect([...b.arrays.news]).toEqual(['f/shut'])
  b.arrays.news.clear()
  await b.after(1000, { ...calm, shut: true, fire_in: true })
  expect([...b.arrays.news]).toEqual([])
  await b.after(1000, calm)
  expect([...b.arrays.news]).toEqual(['f/shut'])
})

it('what succeeds after a failure is done, and not written on and on', async () => {
  const b = await atRest()
  b.answers('refused')
  b.hold(true, { level: level.schedule })
  await b.after(0)
  b.answers('taken')
  await b.after(15_000, calm)
  for (let s = 0; s < 60; s++) await b.after(1000, { ...calm, shut: true })
  expect(shuts(b)).toEqual([true, true])
  expect(b.steps()).toEqual(['shut failed write-refused', 'shut confirmed'])
})

it('a fire input that went out of sight is not waited for', async () => {
  const b = bench()
  b.hold(true, { level: level.schedule })
  await b.after(0, { ...calm, shut: true })
  b.image.setStale('f', ['fire_in'])
  b.hold(false)
  await b.after(100, { shut: true })
  expect(shuts(b)).toEqual([false])
})

it('after an exchange only its own device is looked after', async () => {
  const b = await atRest()
  b.hold(true)
  b.writer.step('g')
  expect(shuts(b)).toEqual([])
  b.writer.step('f')
  expect(shuts(b)).toEqual([true])
})

it('of a device that comes back nothing is assumed: what it holds is read, and put right as if new', async () => {
  const b = await atRest()
  await b.after(1000, calm)
  b.writer.forget('g')
  b.writer.forget('f')
  await b.after(1000, { ...calm, shut: true })
  expect(shuts(b)).toEqual([false])
  expect(b.steps()).toEqual(['shut written'])
})

it('what failed and is found right when the device comes back is confirmed', async () => {
  const b = await atRest()
  b.answers('refused')
  b.hold(true, { level: level.schedule })
  await b.after(0)
  b.writer.forget('f')
  await b.after(1000, { ...calm, shut: true })
  expect(b.steps()).toEqual(['shut failed write-refused', 'shut confirmed'])
})

it('what nobody holds is left alone where it shall be, and what somebody holds is written', async () => {
  const b = bench({ leaveAlone: true })
  await b.after(0, { ...calm, shut: true })
  await b.after(1000, { ...calm, shut: true })
  expect(b.sent).toEqual([])
  b.hold(false)
  await b.after(0)
  expect(shuts(b)).toEqual([false])
})

it('a link that breaks in the middle of a write costs a person his command, and a program only time', async () => {
  const b = await atRest()
  b.answers('link-lost')
  b.hold(true, { level: level.schedule })
  await b.after(0)
  expect(b.steps()).toEqual([])
  b.answers('taken')
  await b.after(1000, calm)
  expect(shuts(b)).toEqual([true, true])
  const c = await atRest()
  c.answers('link-lost')
  c.hold(true, { operator: true })
  await c.after(0)
  expect(c.steps()).toEqual(['shut failed link-lost-while-waiting'])
})

it('what does not fit its register has failed for that', async () => {
  const b = await atRest()
  b.answers('unfit')
  b.hold(true, { operator: true })
  await b.after(0)
  expect(b.steps()).toEqual(['shut failed out-of-range'])
})

it('what is said again has its time to settle before anybody is blamed', async () => {
  const b = await atRest()
  await b.after(100, calm)
  await b.after(20_000, calm)
  expect(beats(b)).toEqual([true])
  await b.after(200, { ...calm, beat: false })
  expect(b.steps()).toEqual([])
  await b.after(1, { ...calm, beat: false })
  expect(b.steps()).toEqual(['beat superseded overwritten', 'beat written'])
})

it('what a device refuses is also said again in its period', async () => {
  const b = await atRest()
  await b.after(100, calm)
  b.answers('refused')
  b.arrays.put('f/beat', { level: level.schedule, value: false, causes: [cause('x')], since: 0, until: null })
  await b.after(0)
  expect(beats(b)).toEqual([false])
  await b.after(14_900, calm)
  await b.after(5000, calm)
  await b.after(100, calm)
  expect(beats(b)).toEqual([false, false, false])
})

it('a period begins with the last write, whoever asked for it', async () => {
  const b = await atRest()
  await b.after(100, calm)
  await b.after(10_000, calm)
  b.arrays.put('f/beat', { level: level.schedule, value: false, causes: [cause('x')], since: 0, until: null })
  await b.after(0)
  for (let s = 0; s < 19; s++) await b.after(1000, { ...calm, beat: false })
  expect(beats(b)).toEqual([false])
  await b.after(1000, { ...calm, beat: false })
  expect(beats(b)).toEqual([false, false])
})

it('a device that is switched back again and again is written every 15 s', async () => {
  const b = await atRest()
  await b.after(1000, { ...calm, shut: true })
  await b.after(0)
  expect(shuts(b)).toEqual([false])
  await b.after(250, calm)
  await b.after(350, calm)
  for (let s = 0; s < 14; s++) await b.after(1000, { ...calm, shut: true })
  expect(shuts(b)).toEqual([false])
  await b.after(1000, { ...calm, shut: true })
  expect(shuts(b)).toEqual([false, false])
  expect(b.steps().filter(s => s === 'shut superseded overwritten')).toHaveLength(1)
})
