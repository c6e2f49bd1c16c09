import { ulid } from 'ulid'
import type { JournalOf, Refusal } from '#contract/journal'
import { type PointRef, refOf, type Words } from '#contract/names'
import { type Cause, level } from '#contract/priority'
import type { Scalar } from '#contract/quality'
import { type Compartment, type Linkage, linkagesOf, type Site } from '#contract/site'
import { releaseBlocked, rememberWitnesses, ruleMet, stillInAlarm, type Witnesses } from '../domain/fireRule.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { Written } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import { type FireTest, FireTests } from './fireTests.ts'
import { LinkageWatch, linkageKey, type Measured, unmeasured, type Watched } from './linkageWatch.ts'
import type { PriorityArrays } from './priorityArrays.ts'

/** As kept on the disk, with what a release needs even when the site file no longer has the compartment. */
type Latched = {
  event: string
  at: number
  measured: Record<string, Measured>
  name: Words
  panel: PointRef
  normal: Scalar
  linkages: Linkage[]
}
type Live = Latched & Watched

type Options = {
  site: Site
  image: ProcessImage
  arrays: PriorityArrays
  mono(): number
  wall(): number
  commit(e: Effect[]): void
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}
type Kept = { latched: ReadonlyMap<string, unknown>; witness: ReadonlyMap<string, unknown>; test: ReadonlyMap<string, unknown> }

const orphanKey = (compartment: string) => `orphan/${compartment}`

/**
 * Zhiban's own supporting actions at a fire (design §4). It never resets or silences the panel. Entries latch at level 2: only
 * an authorised release with a normal panel ends them, no reset, restart, lost link or change of the site file.
 */
export class FireLinkage {
  readonly #o: Options
  readonly #latched = new Map<string, Live>()
  readonly #witnesses: Map<string, Witnesses>
  readonly #tests: FireTests
  readonly #watch: LinkageWatch

  constructor(o: Options, kept: Kept) {
    this.#o = o
    this.#watch = new LinkageWatch(o)
    this.#tests = new FireTests({ site: o.site, setAlarm: o.setAlarm }, kept.test)
    this.#witnesses = new Map([...kept.witness].map(([id, body]) => [id, body as Witnesses]))
    for (const [id, body] of kept.latched) {
      const latched = body as Latched
      const triggeredAt = o.mono() - Math.max(0, o.wall() - latched.at)
      this.#latched.set(id, {
        ...latched,
        measured: { ...latched.measured },
        compartment: id,
        triggeredAt,
        linkages: latched.linkages ?? [],
      })
    }
  }

  /** After a restart: actions that the site file has gained are carried out, and a compartment that it has lost stays in sight. */
  resume(): Effect[] {
    const wall = this.#o.wall()
    return [...this.#latched].flatMap(([id, live]): Effect[] => {
      const c = this.#compartment(id)
      if (!c) return this.#orphan(id, live, true)
      const effects = this.#orphan(id, live, false)
      live.linkages = linkagesOf(this.#o.site, c)
      const added = live.linkages.filter(l => live.measured[l.id] === undefined)
      for (const l of added) effects.push(...this.#carryOut(c, live, l, wall))
      return added.length > 0 ? [...effects, this.#keep(id, live)] : effects
    })
  }

  /** The panel was read: does a compartment's rule hold now? */
  onPanelRead(panel: string) {
    for (const c of this.#o.site.compartments) {
      if (c.panel !== panel) continue
      const profile = this.#o.image.devices.get(panel)?.profile
      if (!profile) continue
      const before = this.#witnesses.get(c.id) ?? {}
      const now = rememberWitnesses(c, { profile, read: p => this.#o.image.get(refOf(panel, p)) }, before, this.#o.wall())
      if (now !== before) this.#remember(c.id, now)
      if (this.#latched.has(c.id)) continue
      const test = this.#tests.of(c.id)
      if (!ruleMet(c, now)) {
        if (test) this.#o.commit(this.#tests.calm(c.id))
      } else if (test) this.#o.commit(this.#withhold(c, now))
      else this.#o.commit(this.#trigger(c, 'rule-met', this.#causes(c, now)))
    }
  }

  /** Looks at a compartment's panel as it was last read. */
  look(id: string) {
    const panel = this.#compartment(id)?.panel
    if (panel) this.onPanelRead(panel)
  }

  #remember(id: string, witnesses: Witnesses) {
    this.#witnesses.set(id, witnesses)
    const none = Object.keys(witnesses).length === 0
    this.#o.commit([none ? { forget: 'witness', key: id } : { keep: 'witness', key: id, body: witnesses }])
  }

  #causes(c: Compartment, witnesses: Witnesses): Cause[] {
    const points = this.#o.image.devices.get(c.panel)?.profile.points
    return Object.keys(witnesses).map(id => ({ id, what: points?.get(id)?.name ?? { zh: id, en: id } }))
  }

  #trigger(c: Compartment, phase: 'rule-met' | 'by-hand', causes: Cause[]): Effect[] {
    const wall = this.#o.wall()
    const live: Live = {
      compartment: c.id,
      event: ulid(),
      at: wall,
      measured: {},
      triggeredAt: this.#o.mono(),
      linkages: linkagesOf(this.#o.site, c),
      name: c.name,
      panel: refOf(c.panel, c.panelNormal.point),
      normal: c.panelNormal.value,
    }
    this.#latched.set(c.id, live)
    const effects: Effect[] = [this.#record(c.id, live.event, phase, causes)]
    for (const l of live.linkages) effects.push(...this.#carryOut(c, live, l, wall))
    return [...effects, this.#keep(c.id, live)]
  }

  #carryOut(c: Compartment, live: Live, l: Linkage, wall: number): Effect[] {
    live.measured[l.id] = unmeasured
    const cause = { id: c.id, what: { zh: `${c.name.zh}火警`, en: `Fire: ${c.name.en}` }, value: l.value }
    const ranked = l.rank === undefined ? cause : { ...cause, rank: l.rank }
    const held = l.by === 'agent' ? this.#o.arrays.join(refOf(l.device, l.point), level.fire, ranked, wall) : []
    return [...held, this.#watch.record(live, l, 'triggered', null, l.startLimitMs)]
  }

  /** An authorised person has seen the fire: the actions are carried out, also in the middle of a test. */
  startByHand(id: string, by: Cause): Refusal | { effects: Effect[] } {
    const c = this.#compartment(id)
    if (!c) return 'unknown-compartment'
    if (this.#latched.has(id)) return 'already-latched'
    const ended = this.#tests.of(id) ? this.#endTest(id, by) : []
    return { effects: [...ended, ...this.#trigger(c, 'by-hand', [by])] }
  }

  beginTest(id: string, by: Cause, until: number): Refusal | { effects: Effect[] } {
    if (!this.#compartment(id)) return 'unknown-compartment'
    if (this.#latched.has(id)) return 'already-latched'
    const result = this.#tests.begin(id, by, until, this.#o.wall())
    if (typeof result === 'string') return result
    return { effects: [...result, this.#record(id, ulid(), 'test-begun', [by], until)] }
  }

  /** A fire that still stands when a test ends is a fire: the next look at its panel carries its actions out. */
  endTest(id: string, by: Cause): Refusal | { effects: Effect[] } {
    return this.#tests.of(id) ? { effects: this.#endTest(id, by) } : 'not-testing'
  }

  #endTest(id: string, by: Cause): Effect[] {
    return [...this.#tests.end(id), this.#record(id, ulid(), 'test-ended', [by])]
  }

  /** What would have been done now, were this not a test; told once for as long as the rule holds. */
  #withhold(c: Compartment, witnesses: Witnesses): Effect[] {
    const told = this.#tests.withhold(c.id)
    if (told.length === 0) return []
    const actions = linkagesOf(this.#o.site, c).filter(l => l.by === 'agent')
    const causes = [...this.#causes(c, witnesses), ...actions.map(l => ({ id: l.id, what: l.name, value: l.value }))]
    return [...told, this.#record(c.id, ulid(), 'withheld', causes.slice(0, 60))]
  }

  /** A write was answered: for a latched action a device's own reply is the start signal. */
  onWritten(ref: PointRef, value: Scalar, how: Written) {
    for (const [w, effects] of this.#watch.onWritten(ref, value, how, this.#latched.values()))
      this.#o.commit([...effects, this.#keep(w.compartment, w as Live)])
  }

  /** Called after every exchange and on ticks: tests that are over, and what the latched actions do. */
  step() {
    const wall = this.#o.wall()
    for (const [id, test] of this.#tests.over(wall)) {
      this.#o.commit(this.#endTest(id, test.by))
      this.look(id)
    }
    for (const [id, live] of this.#latched) {
      const before = { ...live.measured }
      const effects = this.#watch.step(live)
      const changed = Object.keys(live.measured).some(k => live.measured[k] !== before[k])
      if (effects.length > 0 || changed) this.#o.commit(changed ? [...effects, this.#keep(id, live)] : effects)
    }
  }

  /** Points that a newly latched event wants written now, even where the device seems to stand right already. */
  startSignals(): PointRef[] {
    const refs: PointRef[] = []
    for (const live of this.#latched.values())
      for (const l of live.linkages)
        if (l.by === 'agent' && live.measured[l.id]?.startedMs === null && !this.#watch.overruled(l))
          refs.push(refOf(l.device, l.point))
    return refs
  }

  isLatched(compartment: string) {
    return this.#latched.has(compartment)
  }

  testOf(compartment: string): FireTest | undefined {
    return this.#tests.of(compartment)
  }

  /** The panel's own "normal" of a compartment, also of one that the site file no longer has. */
  panelOf(compartment: string): PointRef | undefined {
    const c = this.#compartment(compartment)
    return c ? refOf(c.panel, c.panelNormal.point) : this.#latched.get(compartment)?.panel
  }

  /** Keys of the alarms that this keeps. */
  get keys(): string[] {
    return [
      ...[...this.#latched].flatMap(([id, live]) => [orphanKey(id), ...live.linkages.map(l => linkageKey(id, l.id))]),
      ...this.#tests.keys,
    ]
  }

  /** Releases a compartment for an authorised person, or says why not yet. */
  release(id: string, by: Cause): Refusal | { effects: Effect[] } {
    const live = this.#latched.get(id)
    if (!live) return 'not-latched'
    const c = this.#compartment(id)
    const [panel, normal] = c ? [refOf(c.panel, c.panelNormal.point), c.panelNormal.value] : [live.panel, live.normal]
    // Where the site has lost the panel too there is nobody left to ask.
    const gone = !c && this.#o.image.get(panel) === undefined
    const blocked = gone ? undefined : releaseBlocked({ value: normal }, this.#o.image.get(panel))
    if (blocked) return blocked
    this.#latched.delete(id)
    const effects: Effect[] = [
      { forget: 'latched', key: id },
      this.#record(id, live.event, 'released', [by]),
      ...this.#o.arrays.leaveAll(level.fire, id),
      ...this.#orphan(id, live, false),
    ]
    for (const l of live.linkages)
      effects.push(this.#watch.record(live, l, 'released', null, null), ...this.#watch.alarm(live, l, false))
    this.#remember(id, stillInAlarm(this.#witnesses.get(id) ?? {}))
    return { effects }
  }

  #orphan(id: string, { name }: Pick<Live, 'name'>, active: boolean): Effect[] {
    const what = name ?? { zh: id, en: id }
    const alarm = {
      key: orphanKey(id),
      level: 2 as const,
      kind: 'linkage' as const,
      device: null,
      place: null,
      name: {
        zh: `${what.zh} 已不在站点文件，联动仍锁存`,
        en: `${what.en}: no longer in the site file, its actions are still latched`,
      },
    }
    return this.#o.setAlarm(alarm, active)
  }

  #compartment(id: string): Compartment | undefined {
    return this.#o.site.compartments.find(c => c.id === id)
  }

  #keep(id: string, { event, at, measured, name, panel, normal, linkages }: Live): Effect {
    return {
      keep: 'latched',
      key: id,
      body: { event, at, measured: { ...measured }, name, panel, normal, linkages } satisfies Latched,
    }
  }

  #record(compartment: string, event: string, phase: JournalOf<'compartment'>['phase'], causes: Cause[], until?: number): Effect {
    const body = { type: 'compartment' as const, at: this.#o.wall(), compartment, event, phase, causes }
    return { record: until === undefined ? body : { ...body, until } }
  }
}
