import { ulid } from 'ulid'
import { refOf } from '#contract/names'
import type { Catalogue } from '#contract/profile'
import { isTrusted } from '#contract/quality'
import type { Device, Site } from '#contract/site'
import type { ProcessImage } from '../domain/image.ts'
import type { Effect } from '../memory/edgeMemory.ts'

type RunSource = { zone: string; points: readonly string[] }
type Open = { id: string; from: number }

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
 * When a zone really ran: its own feedback and its AHU's, both good (design §6). A run opens and closes by read-back
 * alone; when a value can no longer be trusted the run ends there, because an unverified minute is not billed.
 */
export class RunKeeper {
  readonly #sources: readonly RunSource[]
  readonly #image: ProcessImage
  readonly #open = new Map<string, Open>()

  constructor(sources: readonly RunSource[], image: ProcessImage) {
    this.#sources = sources
    this.#image = image
  }

  /** Runs that were open when the agent died: they end when it was last known to be alive. */
  static closeInterrupted(kept: ReadonlyMap<string, unknown>, aliveUntil: number | undefined, wall: number): Effect[] {
    return [...kept].flatMap(([zone, body]): Effect[] => {
      const open = body as Open
      const to = Math.max(open.from, Math.min(aliveUntil ?? open.from, wall))
      return [
        { forget: 'run', key: zone },
        { record: { type: 'run', at: wall, id: open.id, zone, from: open.from, to, why: 'restart', evidence: [] } },
      ]
    })
  }

  step(wall: number): Effect[] {
    const effects: Effect[] = []
    for (const { zone, points } of this.#sources) {
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
        const run = { id: ulid(), from: wall }
        this.#open.set(zone, run)
        effects.push({ keep: 'run', key: zone, body: run })
        effects.push({ record: { type: 'run', at: wall, id: run.id, zone, from: run.from, to: null, why: 'started', evidence } })
      } else {
        this.#open.delete(zone)
        // What is stale now was last seen running at its source time: no later minute is claimed.
        const lastSeen = verified ? wall : Math.min(wall, ...values.filter(v => v?.q === 'stale').map(v => v?.t ?? wall))
        const to = Math.max(open.from, lastSeen)
        effects.push({ forget: 'run', key: zone })
        const why = verified ? 'stopped' : 'unverified'
        effects.push({ record: { type: 'run', at: wall, id: open.id, zone, from: open.from, to, why, evidence } })
      }
    }
    return effects
  }
}
