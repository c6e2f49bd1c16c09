import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { AlarmFact } from '#contract/alarm'
import type { JournalBody } from '#contract/journal'
import { parseSite } from '#contract/parseSite'
import type { Holder } from '#contract/priority'
import { type Catalogue, parseProfile } from '#contract/profile'
import type { Site } from '#contract/site'
import { realWallClock, type WallClock } from '#program/wallClock'
import { startBuildingAgent } from '../../edge-agent/buildingAgent.ts'
import { openBuses } from '../../edge-agent/field/protocols.ts'
import { type EdgeMemory, openEdgeMemory } from '../../edge-agent/memory/edgeMemory.ts'

const log = pino({ level: 'silent' })

/** Profiles from text, beside those that are given. */
export const withProfiles = (base: Catalogue, ...texts: string[]): Catalogue => {
  const all = new Map(base)
  for (const text of texts) {
    const { profile, problems } = parseProfile({ file: 'test.yaml', text })
    if (!profile) throw new Error(JSON.stringify(problems))
    all.set(profile.profile, profile)
  }
  return all
}

export const siteOf = (text: string, catalogue: Catalogue): Site => {
  const { site, problems } = parseSite({ file: 'test.yaml', text }, catalogue)
  if (!site) throw new Error(JSON.stringify(problems))
  return site
}

/**
 * The edge agent in this process, with its real core, disk and Modbus sockets, and without a console: what it holds true is
 * read from its disk, as after a kill. Its buses are Modbus ones whose ports stand in the site.
 */
export class BareAgent {
  readonly folder = mkdtempSync(join(tmpdir(), 'zhiban-bare-'))
  readonly #site: Site
  readonly #catalogue: Catalogue
  readonly #clock: WallClock
  memory!: EdgeMemory
  #running: Awaited<ReturnType<typeof startBuildingAgent>> | undefined

  constructor(site: Site, catalogue: Catalogue, clock: WallClock = realWallClock) {
    this.#site = site
    this.#catalogue = catalogue
    this.#clock = clock
  }

  async start(site: Site = this.#site): Promise<this> {
    this.memory = await openEdgeMemory(join(this.folder, 'edge.db'))
    this.#running = await startBuildingAgent({
      inForce: { site, catalogue: this.#catalogue, before: undefined, refused: undefined, mark: '' },
      agent: site.agents[0]?.id ?? '',
      memory: this.memory,
      clock: this.#clock,
      log,
      version: 'test',
      // Nobody listens there: the agent is alone.
      uplink: { url: 'mqtt://127.0.0.1:9', user: 'a', password: 'a' },
      openBuses: events =>
        openBuses(
          { site, catalogue: this.#catalogue, events, log, setting: text => text },
          site.buses.filter(b => b.protocol === 'modbus-tcp'),
        ),
    })
    return this
  }

  async stop() {
    await this.#running?.close()
    this.#running = undefined
  }

  async end() {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async standing(): Promise<Map<string, AlarmFact>> {
    return (await this.memory.all('standing')) as Map<string, AlarmFact>
  }

  async stands(key: string): Promise<AlarmFact | undefined> {
    return (await this.standing()).get(key)
  }

  async holders(ref: string): Promise<Holder[]> {
    return ((await this.memory.all('holder')).get(ref) ?? []) as Holder[]
  }

  async journal(): Promise<JournalBody[]> {
    return (await this.memory.records(0, 100_000)).map(r => r.body as JournalBody)
  }
}
