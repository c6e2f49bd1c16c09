import { ulid } from 'ulid'
import type { JournalOf } from '#contract/journal'
import { type PointRef, refOf, splitRef } from '#contract/names'
import type { Catalogue } from '#contract/profile'
import { isTrusted } from '#contract/quality'
import type { Device, Site } from '#contract/site'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'

type RunSource = { zone: string; points: readonly PointRef[] }
/** `livedMs`: the agent's own monotonic time, at the wall clock's rate, when the run began. */
type Open = { id: string; from: number; livedMs: number }

/** For each zone the read-backs that prove its run: its own feedback and that of whatever feeds it air. */
export const runSources = (site: Site, catalogue: Catalogue, devices: readonly Device[]): RunSource[] =>
  site.zones.flatMap(z => {
    const own = devices.find(d => d.id === z.controller)
    if (!own) return []
    const chain = [own, ...devices.filter(d => d.feeds.includes(own.id))]
    const points = chain.flatMap(d => {
      const runs = catalogue.get(d.profile)?.runs
      return runs ? [refOf(d.id, runs.feedback)] : []
    })
    return [{ zone: z.id, points }]
  })

/**
 * When a zone really ran: its own feedback and its AHU's, both good (design §6). A run opens and closes by read-back alone;
 * when a value can no longer be trusted the run ends there, because an unverified minute is not billed. How long it lasted is
 * counted by the monotonic clock beside the wall's times: a wall clock that jumps makes no minute.
 */
export class RunKeeper {
  readonly #sources: readonly RunSource[]
  readonly #image: ProcessImage
  readonly #open = new Map<string, Open>()
  /** The zones whose run a device proves: asked for at every exchange. */
  readonly #ofDevice = new Map<string, RunSource[]>()

  constructor(sources: readonly RunSource[], image: ProcessImage) {
    this.#sources = sources
    this.#image = image
    for (const source of sources)
      for (const device of new Set(source.points.map(p => splitRef(p)[0])))
        this.#ofDevice.set(device, [...(this.#ofDevice.get(device) ?? []), source])
  }

  /** Runs that were open when the agent died: they end when it was last known to be alive. */
  static closeInterrupted(
    kept: ReadonlyMap<string, unknown>,
    alive: { wall: number; livedMs: number } | undefined,
    wall: number,
  ): Effect[] {
    return [...kept].flatMap(([zone, body]): Effect[] => {
      const open = body as Open
      const lastedMs = Math.max(0, (alive?.livedMs ?? 0) - (open.livedMs ?? 0))
      // Whatever the wall clock did meanwhile: it did not run longer than the agent lived.
      const to = Math.max(open.from, Math.min(alive?.wall ?? open.from, open.from + lastedMs, wall))
      return [{ forget: 'run', key: zone }, ended(zone, open, wall, to, lastedMs, 'restart', [])]
    })
  }

  /** `livedMs` is monotonic time at the wall clock's rate. Where only one device has news, only what it proves is looked at. */
  step(wall: number, livedMs: number, device?: string): Effect[] {
    const effects: Effect[] = []
    const sources = device === undefined ? this.#sources : (this.#ofDevice.get(device) ?? [])
    for (const { zone, points } of sources) {
      const values = points.map(p => this.#image.get(p))
      const verified = values.every(isTrusted)
      const running = verified && values.every(v => v?.v === true)
      const open = this.#open.get(zone)
      if (running === (open !== undefined)) continue
      const evidence = points.map((point, i) => ({
        point,
        v: values[i]?.v ?? null,
        q: values[i]?.q ?? ('bad' as const),
        t: values[i]?.t ?? wall,
      }))
      if (!open) {
        const run = { id: ulid(), from: wall, livedMs }
        this.#open.set(zone, run)
        const begun = {
          type: 'run' as const,
          at: wall,
          id: run.id,
          zone,
          from: wall,
          to: null,
          lastedMs: null,
          why: 'started' as const,
        }
        effects.push({ keep: 'run', key: zone, body: run }, { record: { ...begun, evidence } })
      } else {
        this.#open.delete(zone)
        // What is stale now was last seen running at its source time: no later minute is claimed.
        const lastSeen = verified ? wall : Math.min(wall, ...values.filter(v => v?.q === 'stale').map(v => v?.t ?? wall))
        const lastedMs = Math.max(0, livedMs - open.livedMs - (wall - lastSeen))
        const to = Math.max(open.from, lastSeen)
        effects.push(
          { forget: 'run', key: zone },
          ended(zone, open, wall, to, lastedMs, verified ? 'stopped' : 'unverified', evidence),
        )
      }
    }
    return effects
  }

  /** The wall clock jumped: what runs is proved until the moment before, and from the moment after on (the next step). */
  cut(before: { wall: number; livedMs: number }, wall: number): Effect[] {
    const effects = [...this.#open].flatMap(([zone, open]): Effect[] => {
      const lastedMs = Math.max(0, before.livedMs - open.livedMs)
      const to = Math.max(open.from, before.wall)
      return [{ forget: 'run', key: zone }, ended(zone, open, wall, to, lastedMs, 'clock-jump', [])]
    })
    this.#open.clear()
    return effects
  }
}

/** Times are whole milliseconds; the monotonic clock's are not. */
const ended = (
  zone: string,
  { id, from }: Open,
  at: number,
  to: number,
  lastedMs: number,
  why: JournalOf<'run'>['why'],
  evidence: JournalOf<'run'>['evidence'],
): Effect => ({ record: { type: 'run', at, id, zone, from, to: Math.round(to), lastedMs: Math.round(lastedMs), why, evidence } })
