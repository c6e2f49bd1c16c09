import type { AlarmFact, SuppressedAlarm } from '#contract/alarm'
import type { Decoded } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import type { Bodies, JournalState, LinkState } from '#contract/messages'
import { type PointRef, splitRef } from '#contract/names'
import { filterOf } from '#contract/topics'
import { type ContractLink, openContractLink } from '#program/contractLink'
import type { Log } from '#program/log'
import type { DeviceImage } from '../domain/image.ts'
import { inPages } from './pages.ts'

type Options = {
  url: string
  user: string
  password: string
  site: string
  agent: string
  session: string
  version: string
  simTime(): boolean
  wall(): number
  log: Log
  onUp(): void
  onDown(): void
  onMessage(message: Decoded, retained: boolean): void
}

/** The agent's connection to the console's broker: everything it publishes, each with its topic from the contract. */
export class Uplink {
  readonly #o: Options
  readonly #link: ContractLink
  readonly #seq = new Map<string, number>()
  #standingRevision = 0
  #linksRevision = 0
  #suppressedRevision = 0
  /** Pages of links as they were last told: only what changed is told again. */
  #told: string[] = []

  constructor(o: Options) {
    this.#o = o
    const offline = { kind: 'status' as const, address: this.#here(), body: this.#status({ online: false, stopped: false }) }
    const mine = (kind: 'command' | 'programme' | 'journalAck' | 'refresh') => filterOf(kind, o.site, o.agent)
    this.#link = openContractLink({
      url: o.url,
      user: o.user,
      password: o.password,
      clientId: o.user,
      will: offline,
      filters: [
        mine('command'),
        mine('programme'),
        mine('journalAck'),
        mine('refresh'),
        filterOf('consoleStatus', o.site, consoleAgent),
      ],
      log: o.log,
      onUp: () => {
        this.#told = []
        o.onUp()
      },
      onDown: () => o.onDown(),
      onMessage: (m, retained) => o.onMessage(m, retained),
    })
  }

  get up() {
    return this.#link.up
  }

  get rejected() {
    return this.#link.rejected
  }

  /** Messages that were too large to be sent at all. */
  get oversize() {
    return this.#link.oversize
  }

  #here(more: { device?: string; point?: string; page?: string } = {}) {
    const { site, agent } = this.#o
    return { site, agent, ...more }
  }

  #status(o: { online: boolean; stopped: boolean }, journal: JournalState | null = null): Bodies['status'] {
    const { session, version, simTime } = this.#o
    return { ...o, session, version, wall: this.#o.wall(), simTime: simTime(), rejected: this.#link?.rejected ?? 0, journal }
  }

  status(journal: JournalState) {
    return this.#link.send('status', this.#here(), this.#status({ online: true, stopped: false }, journal))
  }

  /** The links of devices and buses; pages in which nothing has changed since are left out. */
  links(links: readonly (readonly [string, LinkState])[]) {
    const pages = inPages(links, l => JSON.stringify(l)).map(entries => Object.fromEntries(entries))
    const texts = pages.map(p => JSON.stringify(p))
    const changed = texts.flatMap((text, i) => (text === this.#told[i] && texts.length === this.#told.length ? [] : [i]))
    if (changed.length === 0) return
    this.#told = texts
    const revision = ++this.#linksRevision
    for (const page of changed) {
      const body = { session: this.#o.session, revision, page, pages: pages.length, links: pages[page] ?? {} }
      void this.#link.send('links', this.#here({ page: String(page) }), body)
    }
  }

  catalogue(body: Bodies['catalogue']) {
    return this.#link.send('catalogue', this.#here({ device: body.device }), body)
  }

  /** The whole device, retained; or only the named points when `keys` is given. */
  device(image: DeviceImage, keys?: readonly string[]) {
    const seq = (this.#seq.get(image.id) ?? 0) + 1
    this.#seq.set(image.id, seq)
    const entries = keys ? keys.flatMap(k => (image.values.has(k) ? [[k, image.values.get(k)] as const] : [])) : [...image.values]
    const values = Object.fromEntries(entries) as Bodies['state']['values']
    const body = { device: image.id, session: this.#o.session, seq, readAt: image.readAt, link: image.link, values }
    return this.#link.send(keys ? 'change' : 'state', this.#here({ device: image.id }), body)
  }

  /** Everything that stands, in pages of one revision; `asOf` is how far the journal had come. Returns how many there were. */
  standing(alarms: readonly AlarmFact[], asOf: { journalId: string; upTo: number }): number {
    const pages = inPages(alarms, a => JSON.stringify(a))
    const revision = ++this.#standingRevision
    for (const [page, some] of pages.entries()) {
      const body = { session: this.#o.session, revision, page, pages: pages.length, ...asOf, alarms: some }
      void this.#link.send('standing', this.#here({ page: String(page) }), body)
    }
    return pages.length
  }

  /** Everything that is suppressed by design, in pages of one revision. */
  suppressed(alarms: readonly SuppressedAlarm[]) {
    const pages = inPages(alarms, a => JSON.stringify(a))
    const revision = ++this.#suppressedRevision
    for (const [page, some] of pages.entries()) {
      const body = { session: this.#o.session, revision, page, pages: pages.length, alarms: some }
      void this.#link.send('suppressed', this.#here({ page: String(page) }), body)
    }
  }

  holders(point: PointRef, body: Omit<Bodies['holders'], 'point'>) {
    const [device, key] = splitRef(point)
    return this.#link.send('holders', this.#here({ device, point: key }), { point, ...body })
  }

  journal(body: Bodies['journal']) {
    return this.#link.send('journal', this.#here(), body)
  }

  programmeReport(body: Bodies['programmeReport']) {
    return this.#link.send('programmeReport', this.#here(), body)
  }

  /** An orderly end, told as one. */
  close() {
    return this.#link.close({ kind: 'status', address: this.#here(), body: this.#status({ online: false, stopped: true }) })
  }
}
