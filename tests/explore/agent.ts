import type { Command } from '#contract/messages'
import { type PointRef, refOf, splitRef } from '#contract/names'
import type { Profile, ProfilePoint } from '#contract/profile'
import type { Scalar } from '#contract/quality'
import { openCalendar } from '#program/localCalendar'
import { AlarmKeeper, type DirectAlarm } from '../../edge-agent/control/alarmKeeper.ts'
import { CommandDesk } from '../../edge-agent/control/commandDesk.ts'
import { Decider } from '../../edge-agent/control/decider.ts'
import { EquipmentGuard } from '../../edge-agent/control/equipmentGuard.ts'
import { FireLinkage } from '../../edge-agent/control/fireLinkage.ts'
import { PriorityArrays } from '../../edge-agent/control/priorityArrays.ts'
import { ProgrammeKeeper } from '../../edge-agent/control/programmeKeeper.ts'
import { Writer } from '../../edge-agent/control/writer.ts'
import type { Core } from '../../edge-agent/core.ts'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import type { Written } from '../../edge-agent/field/fieldBus.ts'
import { decide, fire, linkages, urge, verify, write } from '../../edge-agent/intake.ts'
import type { Effect } from '../../edge-agent/memory/edgeMemory.ts'
import type { ModelDisk } from './disk.ts'
import { catalogue, tinySite, type Variant } from './site.ts'

const calendar = openCalendar('UTC')

/** What is explored of the order of safety (`edge-agent/intake.ts`). */
export const explored = [verify, fire, decide, urge, write, linkages]

export type Outside = {
  wall(): number
  mono(): number
  commit(effects: readonly Effect[]): void
  send(ref: PointRef, value: Scalar): Promise<Written>
}

/**
 * The shipped classes, in the shipped order of safety, without sockets, files and timers: what decides, in memory, from a start
 * to a kill. Nothing here decides anything itself.
 */
export class Agent {
  readonly image: ProcessImage
  readonly arrays: PriorityArrays
  readonly alarms: AlarmKeeper
  readonly fire: FireLinkage
  readonly writer: Writer
  readonly desk: CommandDesk
  readonly #guard: EquipmentGuard
  readonly #decider: Decider
  readonly #core: Pick<Core, 'alarms' | 'commit' | 'decider' | 'fire' | 'writer'>
  readonly #o: Outside

  constructor(variant: Variant, disk: ModelDisk, o: Outside) {
    this.#o = o
    const site = tinySite(variant)
    const { wall, mono } = o
    const commit = (effects: readonly Effect[]) => this.commit(effects)
    const profile = (id: string) => catalogue.get(id) as Profile
    this.image = new ProcessImage(
      site.devices.map(d => ({ id: d.id, profile: profile(d.profile) })),
      wall(),
    )
    const points = new Map<PointRef, Scalar>()
    for (const d of site.devices)
      for (const [key, p] of profile(d.profile).points) if (p.write) points.set(refOf(d.id, key), p.write.relinquishDefault)
    const pointOf = (ref: PointRef): ProfilePoint | undefined => {
      const [device, key] = splitRef(ref)
      return this.image.devices.get(device)?.profile.points.get(key)
    }
    const kept = { latched: disk.load('latched'), witness: disk.load('witness'), test: disk.load('test') }
    const commands = disk.load('command')
    this.arrays = new PriorityArrays(points, disk.load('holder'))
    const watched = site.devices.map(d => ({
      id: d.id,
      name: d.name,
      place: null,
      profile: profile(d.profile),
      placeOf: () => null,
    }))
    this.alarms = new AlarmKeeper(watched, this.image, disk.load('standing'))
    const setAlarm = (alarm: DirectAlarm, active: boolean) => this.alarms.setDirect(alarm, active, wall())
    const { arrays, image } = this
    this.fire = new FireLinkage({ site, image, arrays, mono, wall, commit, setAlarm }, kept)
    this.writer = new Writer({
      arrays,
      image,
      pointOf,
      mono,
      wall,
      commit,
      onWritten: (ref, value, how) => this.fire.onWritten(ref, value, how),
      leaveAlone: () => false,
      send: o.send,
    })
    const programme = new ProgrammeKeeper({ site, nodes: [], calendar, arrays, kept: undefined, wall: wall() })
    this.#guard = new EquipmentGuard({ site, catalogue, devices: site.devices, arrays, read: ref => image.get(ref) })
    this.#decider = new Decider({ arrays, guard: this.#guard, programme, commit })
    this.desk = new CommandDesk({ arrays, image, writer: this.writer, fire: this.fire, pointOf, mono, wall, commit }, commands)
    const { alarms, fire, writer } = this
    this.#core = { alarms, commit, decider: this.#decider, fire, writer }
    this.desk.closeInterrupted(commands)
    commit(this.fire.resume())
    const known = new Set(this.fire.keys)
    commit(this.alarms.dropUnknown(wall(), key => known.has(key)))
    this.#decider.settle(wall())
  }

  commit(effects: readonly Effect[]) {
    if (effects.length > 0) this.#o.commit(effects)
  }

  onExchange(id: string, values: Readonly<Record<string, Scalar>>) {
    const { wall, mono } = this.#o
    const readings = new Map(Object.entries(values).map(([k, v]) => [k, { ok: true as const, v, raw: () => '' }]))
    const news = this.image.apply(id, readings, wall(), mono())
    const heard = { id, news, exchange: { readings }, at: { wall: wall(), mono: mono() } }
    for (const step of explored) step(this.#core, heard)
  }

  onLink(id: string, ok: boolean) {
    const { wall } = this.#o
    const stale = this.image.setLink(id, ok ? null : { reason: 'no-answer', code: null }, wall())
    if (stale === undefined) return
    if (ok) this.writer.forget(id)
    this.commit(this.alarms.verify(id, wall()))
  }

  /** The panel's answers are no longer believed, or are again. */
  onSuspect(id: string, suspect: boolean) {
    this.image.setSuspect(id, suspect)
  }

  onMessage(m: Command | { clock: number; session: string }) {
    if ('clock' in m) this.desk.onConsoleClock(m.clock, m.session)
    else this.desk.receive(m)
  }

  tick() {
    const { wall, mono } = this.#o
    for (const [id] of this.image.age(mono())) this.commit(this.alarms.verify(id, wall()))
    this.#decider.settle(wall())
    this.writer.step()
    this.fire.step()
    this.desk.prune(mono())
  }
}
