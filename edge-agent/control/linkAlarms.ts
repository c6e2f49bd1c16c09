import type { LinkState } from '#contract/messages'
import type { Words } from '#contract/names'
import type { Profile } from '#contract/profile'
import type { Device, Site } from '#contract/site'
import { faultWords } from '../domain/faultWords.ts'
import type { BusFigures, Fault } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

const keyOf = (id: string) => `link/${id}`
const paceKey = (id: string) => `pace/${id}`
const silentKey = (id: string) => `units/${id}`
/** Reads that come later than three times their period, for a minute, are an alarm; the figure itself is shown at once. */
const paceLimit = 3
const paceClears = 2
const paceDelayMs = 60_000
/** Units that are only slow to begin are not silent yet. */
const silentDelayMs = 4000

type Options = {
  buses: Site['buses']
  devices: readonly Device[]
  profileOf(device: string): Profile | undefined
  /** Standing alarms as they were kept: a bus that was lost when the agent died is so until it answers. */
  standing: Iterable<{ key: string; raisedAt: number }>
  startedAt: number
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean): Effect[]
}

type Bus = {
  lost: { since: number; fault: Fault } | undefined
  figures: BusFigures | undefined
  lateSince: number | undefined
  silentSince: number | undefined
}

/** One communication alarm for the link that is lost: the unit's own, or its bus's when the whole bus is away (design §3). */
export class LinkAlarms {
  readonly #o: Options
  readonly #buses = new Map<string, Bus>()

  constructor(o: Options) {
    this.#o = o
    const kept = [...o.standing]
    for (const { id } of o.buses) {
      const since = kept.find(a => a.key === keyOf(id))?.raisedAt
      const lost = since === undefined ? undefined : { since, fault: { reason: 'no-answer' as const, code: null } }
      this.#buses.set(id, { lost, figures: undefined, lateSince: undefined, silentSince: undefined })
    }
  }

  get keys(): string[] {
    const buses = this.#o.buses.flatMap(b => [paceKey(b.id), silentKey(b.id)])
    return [...[...this.#o.devices, ...this.#o.buses].map(x => keyOf(x.id)), ...buses]
  }

  onDevice(id: string, fault: Fault | null): Effect[] {
    const device = this.#o.devices.find(d => d.id === id)
    // While the whole bus is away nothing is known of this unit: its own alarm neither comes nor goes.
    if (!device || fault?.reason === 'bus-lost') return []
    const why = fault ? faultWords(fault) : { zh: '', en: '' }
    const alarm = {
      key: keyOf(id),
      level: this.#o.profileOf(id)?.linkAlarmLevel ?? 3,
      kind: 'link' as const,
      device: id,
      place: device.place ?? null,
      name: { zh: `${device.name.zh} 通信中断（${why.zh}）`, en: `${device.name.en}: link lost (${why.en})` },
    }
    return this.#o.setAlarm(alarm, fault !== null)
  }

  /** Undefined when nothing has changed. */
  onBus(id: string, fault: Fault | null, wall: number): Effect[] | undefined {
    const bus = this.#o.buses.find(b => b.id === id)
    const state = this.#buses.get(id)
    if (!bus || !state || (fault !== null) === (state.lost !== undefined)) return undefined
    state.lost = fault === null ? undefined : { since: wall, fault }
    const members = this.#o.devices.filter(d => d.bus === id)
    const why = fault ? faultWords(fault) : { zh: '', en: '' }
    const name = {
      zh: `${bus.name.zh} 通信中断（${why.zh}），${members.length} 台设备失联`,
      en: `${bus.name.en}: bus lost (${why.en}), ${members.length} devices out of reach`,
    }
    return this.#set(bus.id, keyOf(id), name, fault !== null)
  }

  /** How the bus is doing: units that are silent, while others answer, and reads that come too late. */
  onFigures(id: string, figures: BusFigures, mono: number): Effect[] {
    const bus = this.#o.buses.find(b => b.id === id)
    const state = this.#buses.get(id)
    if (!bus || !state) return []
    state.figures = figures
    const { silent, of, pace } = figures
    // A single unit's silence is its own alarm; of a bus that is lost as a whole everything is said.
    const several = state.lost === undefined && silent > 1 && silent < of
    state.silentSince = several ? (state.silentSince ?? mono) : undefined
    const many = several && mono - (state.silentSince ?? mono) >= silentDelayMs
    const stands = this.#o.stands(paceKey(id))
    const late = state.lost === undefined && pace !== null && pace > (stands ? paceClears : paceLimit)
    state.lateSince = late ? (state.lateSince ?? mono) : undefined
    const slow = late && (stands || mono - (state.lateSince ?? mono) >= paceDelayMs)
    return [
      ...this.#set(
        id,
        silentKey(id),
        { zh: `${bus.name.zh} 有 ${silent}/${of} 台无应答`, en: `${bus.name.en}: ${silent} of ${of} units silent` },
        many,
      ),
      ...this.#set(
        id,
        paceKey(id),
        {
          zh: `${bus.name.zh} 轮询跟不上周期（${pace} 倍）`,
          en: `${bus.name.en}: reads do not keep their period (${pace} times)`,
        },
        slow,
        3,
      ),
    ]
  }

  #set(bus: string, key: string, name: Words, active: boolean, level?: 3): Effect[] {
    const severe = this.#o.devices.some(d => d.bus === bus && this.#o.profileOf(d.id)?.linkAlarmLevel === 2)
    return this.#o.setAlarm({ key, level: level ?? (severe ? 2 : 3), kind: 'link', device: null, place: null, name }, active)
  }

  /** The links of the buses, as the agent tells them. */
  get links(): [string, LinkState][] {
    return [...this.#buses].map(([id, { lost, figures }]) => [
      id,
      {
        ok: lost === undefined,
        since: lost?.since ?? this.#o.startedAt,
        reason: lost?.fault.reason ?? null,
        code: lost?.fault.code ?? null,
        errors: 0,
        driftMs: null,
        bus: figures ?? null,
      },
    ])
  }

  /** By what factor the fastest reads of each bus come late, for the metrics. */
  paces(): [string, number][] {
    return [...this.#buses].flatMap(([id, { figures }]) => (figures?.pace ? [[id, figures.pace]] : []))
  }
}
