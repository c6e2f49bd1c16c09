import { splitRef } from '#contract/names'
import type { Scalar } from '#contract/quality'
import type { Written } from '../../edge-agent/field/fieldBus.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import { Agent } from './agent.ts'
import { ModelDisk, type Transaction, transaction } from './disk.ts'
import { Judge } from './judge.ts'
import { Model } from './model.ts'
import { cloneOuter, type DeviceId, type Heartbeat, type Outer, type Rules } from './outer.ts'
import type { Variant } from './site.ts'

type Pending = { ref: string; value: Scalar; reached: 'yes' | 'no' | 'unknown' | 'refused'; answer?: (how: Written) => void }
/** One commit, or one write that left for a device, in the order in which they happened. */
export type Deed = { commit: Transaction } | { undo(outer: Outer): void }
export type Snapshot = { outer: Outer; disk: ModelDisk }
/** The agent between its disk and its devices. Deterministic: the same events lead to the same state, which is how the search goes back to one. */
export class World {
  readonly outer: Outer
  readonly disk: ModelDisk
  readonly rules: Rules
  model: Model
  agent: Agent | undefined
  deeds: Deed[] = []
  readonly judge = new Judge()
  /** What was handed to the disk in this event, and how it read then. */
  handedOver: { body: unknown; text: string }[] = []
  /** When each point's winner last changed, as the model has it. */
  readonly wonAt = new Map<string, { value: Scalar; at: number }>()
  readonly beats: { clock: number; at: number }[] = []
  #pending: Pending[] = []

  constructor(from: Snapshot, rules: Rules) {
    this.outer = cloneOuter(from.outer)
    this.disk = new ModelDisk(from.disk)
    this.rules = rules
    this.model = new Model(this.outer.variant)
  }

  get told() {
    return this.judge.told
  }

  get reasons() {
    return this.judge.reasons
  }

  get wrong() {
    return this.judge.wrong
  }

  get wall() {
    return this.outer.wall
  }

  get mono() {
    return 500 + this.outer.wall - this.outer.startedAt
  }

  get pending(): readonly Pending[] {
    return this.#pending
  }

  boot(variant: Variant) {
    const { outer } = this
    outer.variant = variant
    outer.startedAt = outer.wall
    this.model = Model.of(this.disk, variant)
    // What nobody knows the outcome of has failed, and its hold is gone.
    for (const [, { step, point }] of this.disk.bucket<{ step: string; point: string }>('command'))
      if (step === 'accepted' || step === 'written') delete this.model.holds[point]
    for (const [ref, h] of Object.entries(this.model.holds)) if (h.until <= outer.wall) delete this.model.holds[ref]
    this.agent = new Agent(variant, this.disk, {
      wall: () => outer.wall,
      mono: () => this.mono,
      commit: effects => this.#commit(effects),
      send: (ref, value) => this.#send(ref, value),
    })
    // With its second heartbeat the console's clock is believed.
    if (this.rules.beats) for (let i = 1; i <= 2; i++) this.beat()
    if (outer.suspect) this.agent.onSuspect('panel', true)
    for (const id of ['panel', 'fan', 'door'] as const) if (outer.link[id]) this.#up(id, 'command')
  }

  /** Heartbeats are a second apart at least. */
  mayBeat(): boolean {
    const sent = [...this.beats, ...this.outer.queue].flatMap(m => ('clock' in m ? [m.clock] : []))
    return sent.every(clock => this.wall - clock >= 1000)
  }

  beat() {
    const m = { clock: this.wall, session: 'one' }
    if (this.outer.frozen) this.outer.queue.push(m)
    else this.hear(m)
  }

  hear(m: Heartbeat) {
    this.beats.push({ clock: m.clock, at: this.wall })
    this.agent?.onMessage(m)
  }

  /** A device's link comes or goes; it comes with its first answer, which need not be all of it. */
  link(id: DeviceId, ok: boolean, first: 'command' | 'status' = 'command') {
    this.outer.link[id] = ok
    // Whoever comes back may be told anew.
    this.judge.anew(id)
    this.outer.trouble[id] = this.wall
    if (!ok) for (const p of this.#pending) if (p.ref.startsWith(id) && p.reached !== 'no') p.reached = 'unknown'
    if (!this.agent || this.outer.frozen) return
    if (ok) return this.#up(id, first)
    if (id === 'panel' && this.model.panel.trust !== 'unread') this.model.panel = { ...this.model.panel, trust: 'stale' }
    this.agent.onLink(id, false)
  }

  #up(id: DeviceId, first: 'command' | 'status') {
    this.agent?.onLink(id, true)
    const rest = (key: string) => (first === 'command') === (key === 'run')
    if (id === 'fan') this.exchange(id, rest)
    this.exchange(id)
  }

  exchange(id: DeviceId, only?: (key: string) => boolean) {
    const { agent, model, outer, wall } = this
    if (!agent || outer.frozen || !outer.link[id] || !agent.image.devices.has(id)) return
    const values = only ? Object.fromEntries(Object.entries(outer[id]).filter(([k]) => only(k))) : { ...outer[id] }
    if (id === 'panel') {
      model.panel = { bits: { ...values }, trust: outer.suspect ? 'uncertain' : 'good' }
      model.look(wall)
    }
    if (id === 'fan' && 'trip' in values) model.trip = values['trip'] === true
    if ('fire_in' in values) model.fireIn[id] = values['fire_in'] === true
    const handed = model.handed['door/lock']
    if (id === 'door' && handed) handed.shown = handed.at < wall && values['lock'] === handed.value
    this.#step()
    agent.onExchange(id, values)
    this.#winners()
  }

  #step() {
    const { model, wall } = this
    model.step(wall)
    // Handed over for the sake of this fire, not of whatever came before it.
    const handed = model.handed['door/lock']
    if (handed?.shown && this.outer.link.door) model.signal('door/lock', handed.value, wall, handed.at)
    // What the panel does by wire starts when its signal is seen.
    if (model.panel.bits['bell'] && model.panel.trust === 'good')
      for (const latch of Object.values(model.latched))
        if (latch.linkages.some(l => l.id === 'bell')) latch.signal['bell'] ??= wall
  }

  tick() {
    if (!this.agent || this.outer.frozen) return
    this.#step()
    this.agent.tick()
    this.#winners()
  }

  #winners() {
    for (const ref of ['fan/run', 'door/lock']) {
      const value = this.model.winner(ref)
      if (this.wonAt.get(ref)?.value !== value) this.wonAt.set(ref, { value, at: this.wall })
    }
  }

  /** Time passes: half a second, everything is read, what is due is done; and once more. */
  wait() {
    for (let half = 0; half < 2; half++) {
      this.outer.wall += 500
      if (!this.agent || this.outer.frozen) continue
      if (this.rules.beats) this.beat()
      this.answer()
      for (const id of ['panel', 'fan', 'door'] as const) this.exchange(id)
      this.tick()
    }
  }

  /** The end of every event. */
  settled() {
    this.tick()
    if (!this.rules.prompt || this.#pending.length === 0) return
    this.answer()
    this.tick()
  }

  answer(how?: Written) {
    if (!this.agent || this.outer.frozen) return
    for (let p = this.#pending.shift(); p; p = this.#pending.shift()) {
      const [id] = splitRef(p.ref)
      const now = (p.reached === 'yes' && id === 'fan' && how) || this.#reply(id, p.reached)
      if (now === 'no-answer') this.outer.trouble[id] = this.wall
      // Found to be against its fire input meanwhile: the writer has taken its hands off.
      const left = this.model.fireIn[id] === true && p.value !== false
      // The reply to a write that another has overtaken says nothing of the later one.
      const overtaken = this.#pending.some(x => x.ref === p.ref)
      if (now === 'taken' && !left && !overtaken) this.model.signal(p.ref, p.value, this.wall, this.wall)
      if (now === 'handed') this.model.handed[p.ref] = { at: this.wall, value: p.value, shown: false }
      p.answer?.(now)
    }
  }

  #reply(id: string, reached: Pending['reached']): Written {
    if (reached === 'no') return 'link-lost'
    if (reached !== 'yes') return reached === 'refused' ? 'refused' : 'no-answer'
    return id === 'door' ? 'handed' : 'taken'
  }

  #send(ref: string, value: Scalar): Promise<Written> {
    const { outer } = this
    const [id, key] = splitRef(ref) as ['fan' | 'door', string]
    this.judge.send(this, ref, value)
    const refused = outer.link[id] && id === 'fan' && outer.refuses
    const before = { ...outer[id] }
    this.deeds.push({ undo: o => Object.assign(o[id], before) })
    if (outer.link[id] && !refused) this.#obey(id, key, value === true)
    const pending: Pending = { ref, value, reached: refused ? 'refused' : outer.link[id] ? 'yes' : 'no' }
    this.#pending.push(pending)
    // Stands for the promise of a write, so that its answer is an event like any other.
    const answered = (f: (how: Written) => void) => {
      pending.answer = f
    }
    // biome-ignore lint/suspicious/noThenProperty: that is what a promise is
    return { then: answered } as unknown as Promise<Written>
  }

  #obey(id: 'fan' | 'door', key: string, value: boolean) {
    const device = this.outer[id]
    device[key] = value
    if (this.outer.stuck[id]) return
    device[id === 'fan' ? 'run_fb' : 'locked'] = device['fire_in'] ? false : value
  }

  #commit(effects: readonly Effect[]) {
    const t = transaction(effects)
    for (const e of effects) if ('record' in e) this.judge.record(this, e.record)
    this.disk.write(t)
    this.deeds.push({ commit: t })
    for (const e of effects) if ('keep' in e) this.handedOver.push({ body: e.body, text: JSON.stringify(e.body) })
  }
}
