import type { LinkState } from '#contract/messages'
import type { Profile } from '#contract/profile'
import type { Device, Site } from '#contract/site'
import type { LinkReason } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

const keyOf = (id: string) => `link/${id}`

type Options = {
  buses: Site['buses']
  devices: readonly Device[]
  profileOf(device: string): Profile | undefined
  /** Standing alarms as they were kept: a bus that was lost when the agent died is so until it answers. */
  standing: Iterable<{ key: string; raisedAt: number }>
  startedAt: number
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

/** One communication alarm for the link that is lost: the unit's own, or its bus's when the whole bus is away (design §3). */
export class LinkAlarms {
  readonly #o: Options
  /** Buses that are lost, and since when. */
  readonly #lost: Map<string, number>

  constructor(o: Options) {
    this.#o = o
    this.#lost = new Map(
      [...o.standing].flatMap(a => {
        const bus = o.buses.find(b => a.key === keyOf(b.id))
        return bus ? [[bus.id, a.raisedAt] as const] : []
      }),
    )
  }

  get keys(): string[] {
    return [...this.#o.devices, ...this.#o.buses].map(x => keyOf(x.id))
  }

  onDevice(id: string, reason: LinkReason | null): Effect[] {
    const device = this.#o.devices.find(d => d.id === id)
    // While the whole bus is away nothing is known of this unit: its own alarm neither comes nor goes.
    if (!device || reason === 'bus-lost') return []
    const alarm = {
      key: keyOf(id),
      level: this.#o.profileOf(id)?.linkAlarmLevel ?? 3,
      kind: 'link' as const,
      device: id,
      place: device.place ?? null,
      name: { zh: `${device.name.zh} 通信中断`, en: `${device.name.en}: link lost` },
    }
    return this.#o.setAlarm(alarm, reason !== null)
  }

  /** Undefined when nothing has changed. */
  onBus(id: string, lost: boolean, wall: number): Effect[] | undefined {
    const bus = this.#o.buses.find(b => b.id === id)
    if (!bus || lost === this.#lost.has(id)) return undefined
    if (lost) this.#lost.set(id, wall)
    else this.#lost.delete(id)
    const members = this.#o.devices.filter(d => d.bus === id)
    const name = {
      zh: `${bus.name.zh} 通信中断，${members.length} 台设备失联`,
      en: `${bus.name.en}: bus lost, ${members.length} devices out of reach`,
    }
    const level = members.some(d => this.#o.profileOf(d.id)?.linkAlarmLevel === 2) ? 2 : 3
    return this.#o.setAlarm({ key: keyOf(id), level, kind: 'link', device: null, place: null, name }, lost)
  }

  /** The links of the buses, as the status message tells them. */
  get buses(): [string, LinkState][] {
    return this.#o.buses.map(({ id }) => {
      const since = this.#lost.get(id)
      const reason = since === undefined ? null : ('bus-lost' as const)
      return [id, { ok: since === undefined, since: since ?? this.#o.startedAt, reason, errors: 0, driftMs: null }]
    })
  }
}
