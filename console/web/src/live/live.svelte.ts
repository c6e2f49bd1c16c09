import { io, type Socket } from 'socket.io-client'
import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import {
  agentWith,
  type Change,
  type ClientEvents,
  type News,
  type PaceView,
  type ServerEvents,
  type Snapshot,
} from '#api/events'
import type { CaseHead } from '#api/models/cases'
import {
  type AgentView,
  type Alarm,
  alarmPage,
  alarmState,
  type CommandView,
  type FloodView,
  type HoldersView,
  isOver,
} from '#api/models/live'
import { type PointRef, splitRef } from '#contract/names'
import type { PointValue } from '#contract/quality'
import { ask } from './api.ts'

/** Without news for this long the screen is not live, whatever the socket thinks (ux.md §3.17). */
const silenceMs = 5000
const goneMs = 10_000
const soundMs = 30_000

/**
 * What is so now, as the server says it: a snapshot, then numbered news; a gap asks for a new snapshot. When the
 * link is lost nothing here may pass for live.
 */
export class Live {
  /** Those in sight; what somebody has shelved or taken out of service is `aside`, and neither counted nor heard. */
  readonly alarms = new SvelteMap<string, Alarm>()
  readonly aside = new SvelteMap<string, Alarm>()
  readonly cases = new SvelteMap<string, CaseHead>()
  readonly commands = new SvelteMap<string, CommandView>()
  readonly agents = new SvelteMap<string, AgentView>()
  readonly holders = new SvelteMap<PointRef, HoldersView>()
  readonly values = new SvelteMap<PointRef, PointValue>()
  readonly readAt = new SvelteMap<string, number>()
  flood = $state.raw<FloodView | null>(null)
  /** Counts changes of charge lines, so that pages know to load again. */
  charges = $state(0)
  duties = $state(0)
  notices = $state(0)
  overrides = $state(0)
  /** How the server's wall clock goes. */
  pace = $state.raw<PaceView>({ rate: 1, simulated: false, slowed: false, changeable: false })
  /** The server's wall clock, moved on between its news, second by second. */
  now = $state(Date.now())
  state = $state<'connecting' | 'live' | 'lost'>('connecting')
  lostAt = $state<number | null>(null)
  missed = $state(0)
  lastAlarmAt = $state<number | null>(null)
  /** Open alarms that are not here yet: beyond the first page they come one page after the other. */
  toCome = $state(0)
  onSignedOut: () => void = () => {}
  onLocked: (locked: boolean) => void = () => {}
  onRefused: () => void = () => {}
  onSiteChanged: () => void = () => {}
  onLive: () => void = () => {}
  onNewAlarm: (alarm: Alarm) => void = () => {}

  #socket: Socket<ServerEvents, ClientEvents> | undefined
  #seq = 0
  /** Which start of the server has told what the site is. */
  siteFrom: string | undefined
  /** A new snapshot is asked for once; until it comes, what is missed is in it. */
  #resyncing = false
  #wall = Date.now()
  #wallAt = performance.now()
  #heardAt = performance.now()
  #wanted: readonly string[] = []
  /** Alarms of which something was told while pages are on their way: newer than what these say. */
  #told: Set<string> | undefined
  /** What is over, and when it leaves the page. */
  readonly #leaving = new Map<string, number>()
  #timer: ReturnType<typeof setInterval> | undefined

  get started() {
    return this.#socket !== undefined
  }

  start() {
    const socket: Socket<ServerEvents, ClientEvents> = io({ transports: ['websocket'], reconnectionDelayMax: 2000 })
    this.#socket = socket
    socket.on('snapshot', s => this.#take(s))
    // A new connection counts from its beginning.
    socket.on('connect', () => {
      this.#seq = 0
      this.#resyncing = false
      this.#sound = { on: false, at: Number.NEGATIVE_INFINITY }
    })
    socket.on('news', news => this.#hearNews(news))
    socket.on('signed-out', () => this.onSignedOut())
    // A refused upgrade does not say why; the API does.
    socket.on('connect_error', () => this.onRefused())
    socket.on('disconnect', reason => {
      if (reason === 'io server disconnect') socket.connect()
    })
    this.#timer = setInterval(() => this.#tick(), 250)
  }

  #hearNews({ seq, wall, changes = [], values = [], read = {} }: News) {
    this.#hear(wall)
    if ((seq !== this.#seq + 1 || this.state === 'lost') && !this.#resyncing) {
      this.#resyncing = true
      this.#socket?.emit('resync')
    }
    this.#seq = seq
    for (const change of changes) this.#apply(change)
    for (const [ref, value] of values) this.values.set(ref, value)
    for (const [device, at] of Object.entries(read)) this.readAt.set(device, at)
  }

  stop() {
    clearInterval(this.#timer)
    this.#socket?.disconnect()
    this.#socket = undefined
  }

  /**
   * The values that a page shows, until it goes: what an effect returns. It only asks. Nothing that is read here may make the
   * effect run again, or every answer would be a new question.
   */
  watch(refs: readonly string[]): () => void {
    untrack(() => this.#wish(refs))
    return () => {
      if (this.#wanted === refs) untrack(() => this.#wish([]))
    }
  }

  #sound = { on: false, at: Number.NEGATIVE_INFINITY }
  /** Whether alarms are heard here: told when it changes and every half minute while they are. Called again and again. */
  tellSound(on: boolean) {
    const at = performance.now()
    if (!this.#socket?.connected || (on === this.#sound.on && (!on || at - this.#sound.at < soundMs))) return
    this.#sound = { on, at }
    this.#socket.emit('sound', on)
  }

  #wish(refs: readonly string[]) {
    this.#wanted = refs
    const keep = new Set(refs)
    for (const ref of this.values.keys()) if (!keep.has(ref) && !keep.has(`${splitRef(ref)[0]}/*`)) this.values.delete(ref)
    if (this.#socket?.connected) this.#socket.emit('watch', [...refs])
  }

  get isLive() {
    return this.state === 'live'
  }

  /** A point as it may be shown: nothing is good on a screen that is not live. */
  value(ref: PointRef): PointValue | undefined {
    const value = this.values.get(ref)
    if (!value || this.state === 'live' || value.q === 'bad') return value
    return { ...value, q: 'stale' }
  }

  /** How old a value is (ms): while its link is good it is as young as the last exchange with its device. */
  ageOf(ref: PointRef): number {
    const value = this.values.get(ref)
    if (!value) return 0
    const read = this.readAt.get(splitRef(ref)[0]) ?? 0
    const isCurrent = value.q === 'good' || value.q === 'simulated'
    return Math.max(0, this.now - (isCurrent ? Math.max(value.t, read) : value.t))
  }

  linkOf(device: string) {
    for (const agent of this.agents.values()) {
      const link = agent.links[device]
      if (link) return { ...link, online: agent.online && this.state === 'live', stopped: agent.stopped, agentSince: agent.since }
    }
    return undefined
  }

  #take(s: Snapshot) {
    const before = new Set(this.alarms.keys())
    const wasLost = this.state === 'lost'
    // It may have started anew for another site file, also before it was heard of here.
    if (this.siteFrom !== s.server) this.onSiteChanged()
    this.#seq = s.seq
    this.#resyncing = false
    this.pace = s.pace
    const replace = <K, V>(map: SvelteMap<K, V>, rows: readonly V[], key: (v: V) => K) => {
      const keep = new Set(rows.map(key))
      for (const k of map.keys()) if (!keep.has(k)) map.delete(k)
      for (const row of rows) map.set(key(row), row)
    }
    const inSight = (a: Alarm) => a.suppressed === null
    replace(this.alarms, s.alarms.filter(inSight), a => a.id)
    replace(
      this.aside,
      s.alarms.filter(a => !inSight(a)),
      a => a.id,
    )
    this.flood = s.flood
    replace(this.cases, s.cases, c => c.id)
    replace(this.commands, s.commands, c => c.id)
    replace(this.agents, s.agents, a => a.id)
    replace(this.holders, s.holders, h => h.point)
    // Nothing from before may pass for now: what is wished for comes again at once.
    this.values.clear()
    this.readAt.clear()
    this.#hear(s.wall)
    const fresh = [...this.alarms.values()].filter(a => !before.has(a.id) && alarmState(a) === 'active')
    this.missed = wasLost ? fresh.length : 0
    for (const alarm of fresh) this.onNewAlarm(alarm)
    this.lastAlarmAt = s.alarms.reduce<number | null>((max, a) => Math.max(max ?? 0, a.raisedAt), this.lastAlarmAt)
    // What was told while this screen was cut off is asked for.
    this.notices++
    this.overrides++
    this.onLocked(s.locked)
    this.state = 'live'
    this.lostAt = null
    this.onLive()
    this.#told = new Set()
    void this.#takeRest(s, this.#told).catch(() => {})
    this.#socket?.emit('watch', [...this.#wanted])
  }

  /** The pages after the first, until the next snapshot begins anew. */
  async #takeRest({ alarms, alarmCount }: Snapshot, told: Set<string>) {
    let after = alarms.at(-1)
    this.toCome = alarmCount - alarms.length
    while (after && this.toCome > 0) {
      const page: Alarm[] = await ask('GET /alarms', { query: { after: `${after.level},${after.raisedAt},${after.id}` } })
      if (told !== this.#told) return
      for (const a of page) if (!told.has(a.id)) this.#put(a)
      after = page.at(-1)
      this.toCome = page.length < alarmPage ? 0 : Math.max(0, this.toCome - page.length)
    }
    this.#told = undefined
  }

  #apply(change: Change) {
    switch (change.kind) {
      case 'alarm': {
        const { alarm } = change
        const known = this.alarms.get(alarm.id)
        this.#told?.add(alarm.id)
        this.#put(alarm)
        this.lastAlarmAt = Math.max(this.lastAlarmAt ?? 0, alarm.raisedAt)
        if (!known && alarmState(alarm) === 'active') this.onNewAlarm(alarm)
        // Returned and acknowledged: pale for a moment, then only in history.
        if (isOver(alarm) && alarm.suppressed === null && alarm.continuedBy === null)
          this.#leaving.set(alarm.id, performance.now() + goneMs)
        return
      }
      case 'case':
        if (change.head.endedAt === null) this.cases.set(change.head.id, change.head)
        else this.cases.delete(change.head.id)
        return
      case 'case-gone':
        this.cases.delete(change.id)
        return
      case 'command':
        this.commands.set(change.command.id, change.command)
        return
      case 'agent':
        this.agents.set(change.agent.id, agentWith(this.agents.get(change.agent.id), change.agent))
        return
      case 'holders':
        if (change.holders.array.holders.length === 0 && change.holders.withheld === null)
          this.holders.delete(change.holders.point)
        else this.holders.set(change.holders.point, change.holders)
        return
      case 'overrides':
        this.overrides++
        return
      case 'flood':
        this.flood = change.flood
        return
      case 'site':
        this.onSiteChanged()
        return
      case 'duties':
        this.duties++
        break
      case 'notices':
        this.notices++
        return
      case 'pace':
        this.pace = change.pace
        return
      case 'charges':
        this.charges++
    }
  }

  #put(a: Alarm) {
    const [here, there] = a.suppressed === null ? [this.alarms, this.aside] : [this.aside, this.alarms]
    there.delete(a.id)
    // A repeat has taken its place, or it is out of sight and over.
    if (a.continuedBy !== null || (a.suppressed !== null && isOver(a))) here.delete(a.id)
    else here.set(a.id, a)
  }

  #hear(wall: number) {
    this.#wall = wall
    this.#wallAt = performance.now()
    this.#heardAt = this.#wallAt
    this.#turn(wall)
  }

  /** Once for each second: all that is worded by the time is worded again then, and not with every message. */
  #turn(wall: number) {
    if (Math.floor(wall / 1000) !== Math.floor(untrack(() => this.now) / 1000)) this.now = wall
  }

  #tick() {
    const at = performance.now()
    this.#leave(at)
    if (at - this.#heardAt > silenceMs && this.state !== 'lost') {
      this.lostAt = this.#wall
      this.state = 'lost'
    }
    this.#turn(Math.round(this.#wall + (at - this.#wallAt) * this.pace.rate))
  }

  /** All whose moment is over go together: a flood that ends makes the page work its lists out once and not for each. */
  #leave(at: number) {
    for (const [id, until] of this.#leaving) {
      if (until > at) continue
      this.#leaving.delete(id)
      const now = this.alarms.get(id)
      if (now && isOver(now)) this.alarms.delete(id)
    }
  }
}
