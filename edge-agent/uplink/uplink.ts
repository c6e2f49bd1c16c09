import type { Decoded } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import type { Bodies, JournalState, LinkState } from '#contract/messages'
import { type PointRef, splitRef } from '#contract/names'
import { filterOf } from '#contract/topics'
import { type ContractLink, openContractLink } from '#program/contractLink'
import type { Log } from '#program/log'
import type { DeviceImage } from '../domain/image.ts'

type Options = {
  url: string
  user: string
  password: string
  site: string
  agent: string
  session: string
  version: string
  simTime: boolean
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

  constructor(o: Options) {
    this.#o = o
    const offline = { kind: 'status' as const, address: this.#here(), body: this.#status(false, {}, 0) }
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
      onUp: () => o.onUp(),
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

  #here(device?: string, point?: string) {
    const { site, agent } = this.#o
    return { site, agent, ...(device ? { device } : {}), ...(point ? { point } : {}) }
  }

  #status(
    online: boolean,
    links: Record<string, LinkState>,
    rejected: number,
    journal: JournalState | null = null,
  ): Bodies['status'] {
    const { session, version, simTime } = this.#o
    return { online, session, version, wall: this.#o.wall(), simTime, links, rejected, journal }
  }

  status(links: Record<string, LinkState>, journal: JournalState) {
    return this.#link.send('status', this.#here(), this.#status(true, links, this.#link.rejected, journal))
  }

  catalogue(body: Bodies['catalogue']) {
    return this.#link.send('catalogue', this.#here(body.device), body)
  }

  /** The whole device, retained; or only the named points when `keys` is given. */
  device(image: DeviceImage, keys?: readonly string[]) {
    const seq = (this.#seq.get(image.id) ?? 0) + 1
    this.#seq.set(image.id, seq)
    const entries = keys ? keys.flatMap(k => (image.values.has(k) ? [[k, image.values.get(k)] as const] : [])) : [...image.values]
    const values = Object.fromEntries(entries) as Bodies['state']['values']
    const body = { device: image.id, session: this.#o.session, seq, readAt: image.readAt, link: image.link, values }
    return this.#link.send(keys ? 'change' : 'state', this.#here(image.id), body)
  }

  standing(alarms: Bodies['standing']['alarms']) {
    return this.#link.send('standing', this.#here(), { session: this.#o.session, alarms })
  }

  holders(point: PointRef, body: Omit<Bodies['holders'], 'point'>) {
    const [device, key] = splitRef(point)
    return this.#link.send('holders', this.#here(device, key), { point, ...body })
  }

  journal(body: Bodies['journal']) {
    return this.#link.send('journal', this.#here(), body)
  }

  programmeReport(body: Bodies['programmeReport']) {
    return this.#link.send('programmeReport', this.#here(), body)
  }

  close() {
    return this.#link.close({ kind: 'status', address: this.#here(), body: this.#status(false, {}, 0) })
  }
}
