import type { AgentView, HoldersView } from '#api/models/live'
import type { Bodies } from '#contract/messages'
import { type PointRef, refOf, splitRef } from '#contract/names'
import type { PointValue } from '#contract/quality'
import type { Site } from '#contract/site'
import { AgentLinks } from './agentLinks.ts'
import { SuppressedPages } from './suppressedPages.ts'

type Device = { session: string; seq: number; readAt: number; values: Map<string, PointValue> }
type Agent = AgentView & { session: string }

/** Without a status for this long (real ms; one is due every 2 s) an agent counts as silent. */
export const agentSilenceMs = 5000

export type MirrorEvents = {
  onAgent(agent: AgentView): void
  /** An agent went out of reach or came back. */
  onAgentTurned(agent: string): void
  onHolders(holders: HoldersView): void
  onValues(refs: readonly PointRef[]): void
  /** Messages were lost: a full state is needed. */
  onGap(agent: string, device: string | null): void
}

/**
 * What the agents say is so, as last heard, and no fresher than it is: when an agent is offline, silent, or on another
 * session than a device's state, everything of it reads as stale (design §3).
 */
export class Mirror {
  readonly agents = new Map<string, Agent>()
  readonly catalogues = new Map<string, Bodies['catalogue']>()
  readonly #devices = new Map<string, Device>()
  readonly #agentOf = new Map<string, string>()
  readonly #links = new Map<string, AgentLinks>()
  readonly #suppressed = new Map<string, SuppressedPages>()
  readonly #holders = new Map<PointRef, HoldersView>()
  readonly #lastHeard = new Map<string, number>()
  readonly #events: MirrorEvents
  readonly #mono: () => number

  constructor(site: Site, wall: number, mono: () => number, events: MirrorEvents) {
    this.#events = events
    this.#mono = mono
    const busAgent = new Map(site.buses.map(b => [b.id, b.agent]))
    for (const d of site.devices) this.#agentOf.set(d.id, busAgent.get(d.bus) ?? '')
    for (const a of site.agents)
      this.agents.set(a.id, {
        id: a.id,
        name: a.name,
        online: false,
        stopped: false,
        since: wall,
        heardAt: 0,
        links: {},
        rejected: 0,
        journalN: 0,
        programmeRevision: 0,
        refused: [],
        declined: null,
        journal: null,
        clockAheadMs: 0,
        suppressed: { n: 0, revision: 0 },
        session: '',
      })
  }

  onStatus(agentId: string, body: Bodies['status'], wall: number) {
    const agent = this.agents.get(agentId)
    if (!agent) return
    // The will of an older session must not take the newer one down.
    if (!body.online && agent.session !== '' && body.session !== agent.session) return
    const wasOnline = agent.online
    this.#lastHeard.set(agentId, this.#mono())
    const { online, stopped, rejected, session, journal } = body
    this.#linksOf(agentId).onSession(session)
    this.#suppressed.get(agentId)?.onSession(session)
    const clockAheadMs = online ? body.wall - wall : agent.clockAheadMs
    const changed = wasOnline !== online || agent.session !== session
    Object.assign(agent, {
      online,
      stopped: stopped && !online,
      links: this.#linksOf(agentId).shown,
      rejected,
      session,
      clockAheadMs,
      journal: journal ?? agent.journal,
      heardAt: wall,
      ...(changed ? { since: wall } : {}),
    })
    if (changed) {
      this.#touchAll(agentId)
      this.#events.onAgentTurned(agentId)
      if (online && !wasOnline) this.#events.onGap(agentId, null)
    }
    this.#events.onAgent(this.view(agent))
  }

  onLinks(agentId: string, body: Bodies['links']) {
    const agent = this.agents.get(agentId)
    if (!agent) return
    this.#linksOf(agentId).onPage(body)
    if (body.session !== agent.session) return
    agent.links = this.#linksOf(agentId).shown
    this.#events.onAgent(this.view(agent))
  }

  onSuppressed(agentId: string, body: Bodies['suppressed']) {
    const agent = this.agents.get(agentId)
    if (!agent) return
    const pages = this.#suppressed.get(agentId) ?? new SuppressedPages()
    this.#suppressed.set(agentId, pages)
    pages.take(body)
    agent.suppressed = { n: pages.all.length, revision: pages.revision }
    this.#events.onAgent(this.view(agent))
  }

  /** What is suppressed by design, as far as its agent is there to say so. */
  suppressed() {
    return [...this.#suppressed].flatMap(([id, pages]) => (this.agents.get(id)?.online ? pages.all : []))
  }

  #linksOf(agentId: string): AgentLinks {
    const links = this.#links.get(agentId) ?? new AgentLinks()
    this.#links.set(agentId, links)
    return links
  }

  /** Agents that have gone silent without a will. Called once a second. */
  watch(wall: number) {
    for (const agent of this.agents.values()) {
      if (!agent.online || this.#mono() - (this.#lastHeard.get(agent.id) ?? 0) < agentSilenceMs) continue
      this.#loseSight(agent, wall)
    }
  }

  /** The console's own link to the broker is gone: nothing of any agent is known to be true any more. */
  onBrokerLost(wall: number) {
    for (const agent of this.agents.values()) if (agent.online) this.#loseSight(agent, wall)
  }

  /** Changes were missed while the link was down: every agent is asked for all it has. */
  onBrokerBack() {
    for (const id of this.agents.keys()) this.#events.onGap(id, null)
  }

  /** What an agent last said may no longer be so: its values count again only when its devices are told anew. */
  #loseSight(agent: Agent, wall: number) {
    Object.assign(agent, { online: false, stopped: false, since: wall })
    for (const [id, device] of this.#devices)
      if (this.#agentOf.get(id) === agent.id) Object.assign(device, { session: '', seq: -1 })
    this.#touchAll(agent.id)
    this.#events.onAgent(this.view(agent))
    this.#events.onAgentTurned(agent.id)
  }

  onDevice(agentId: string, body: Bodies['state'], full: boolean) {
    if (this.#agentOf.get(body.device) !== agentId) return
    const known = this.#devices.get(body.device)
    if (!full && (!known || known.session !== body.session || body.seq !== known.seq + 1)) {
      this.#events.onGap(agentId, body.device)
      if (!known || known.session !== body.session) return
    }
    if (full && known && known.session === body.session && body.seq < known.seq) return
    const values = full || !known ? new Map<string, PointValue>() : known.values
    for (const [key, value] of Object.entries(body.values)) values.set(key, value)
    this.#devices.set(body.device, { session: body.session, seq: body.seq, readAt: body.readAt, values })
    const agent = this.agents.get(agentId)
    const links = this.#linksOf(agentId)
    links.onDevice(body.session, body.device, body.link)
    if (agent?.session === body.session) agent.links[body.device] = links.of(body.device) ?? body.link
    this.#events.onValues(Object.keys(body.values).map(k => refOf(body.device, k)))
  }

  onCatalogue(agentId: string, body: Bodies['catalogue']) {
    if (this.#agentOf.get(body.device) === agentId) this.catalogues.set(body.device, body)
  }

  onHolders(agentId: string, body: Bodies['holders']) {
    if (this.#agentOf.get(splitRef(body.point)[0]) !== agentId) return
    if (body.array.holders.length === 0 && body.withheld === null) this.#holders.delete(body.point)
    else this.#holders.set(body.point, body)
    this.#events.onHolders(body)
  }

  setJournalN(agentId: string, n: number) {
    const agent = this.agents.get(agentId)
    if (agent) agent.journalN = n
  }

  onProgrammeReport(agentId: string, { revision, refused, declined }: Bodies['programmeReport']) {
    const agent = this.agents.get(agentId)
    if (!agent) return
    Object.assign(agent, { programmeRevision: revision, refused, declined })
    this.#events.onAgent(this.view(agent))
  }

  /** A point as it may be shown: never better than its agent's session and link. */
  value(ref: PointRef): PointValue | undefined {
    const [deviceId, key] = splitRef(ref)
    const device = this.#devices.get(deviceId)
    const value = device?.values.get(key)
    if (!device || !value) return undefined
    const agent = this.agents.get(this.#agentOf.get(deviceId) ?? '')
    const live = agent?.online === true && agent.session === device.session
    if (live || value.q === 'bad') return value
    return { ...value, q: 'stale' }
  }

  readAt(deviceId: string): number | undefined {
    return this.#devices.get(deviceId)?.readAt
  }

  refsOf(deviceId: string): PointRef[] {
    return [...(this.#devices.get(deviceId)?.values.keys() ?? [])].map(k => refOf(deviceId, k))
  }

  agentOf(deviceId: string): string | undefined {
    return this.#agentOf.get(deviceId)
  }

  holders(): HoldersView[] {
    return [...this.#holders.values()]
  }

  view(agent: Agent): AgentView {
    const { session: _, ...view } = agent
    return view
  }

  views(): AgentView[] {
    return [...this.agents.values()].map(a => this.view(a))
  }

  #touchAll(agentId: string) {
    for (const device of this.#devices.keys())
      if (this.#agentOf.get(device) === agentId) this.#events.onValues(this.refsOf(device))
  }
}
