import { pino } from 'pino'
import type { AlarmFact } from '#contract/alarm'
import type { Decoded } from '#contract/decode'
import { consoleAgent } from '#contract/kinds'
import type { Bodies, LinkState } from '#contract/messages'
import type { PointValue } from '#contract/quality'
import { filterOf } from '#contract/topics'
import { openContractLink } from '#program/contractLink'
import type { Stack } from '../harness/stack.ts'
import { agentId, siteId } from './faultySite.ts'

/** A device as it was last told. */
export type HeardDevice = { link: LinkState; readAt: number; values: Map<string, PointValue> }

type Hears = {
  onValues(device: string, values: Readonly<Record<string, PointValue>>): void
  onRaised(alarm: AlarmFact): void
}

/** The links of buses that a message tells of. */
const linksIn = (m: Decoded): Record<string, LinkState> | undefined => (m.kind === 'links' ? m.body.links : undefined)

/** The standing alarms that a message tells of, and which page of how many they are. */
const alarmsIn = (m: Decoded): { page: number; pages: number; alarms: AlarmFact[] } | undefined =>
  m.kind === 'standing' ? m.body : undefined

/** Listens as the console does and acknowledges the journal, so that what an engineer would read is known at any moment. */
export class DeskEar {
  readonly devices = new Map<string, HeardDevice>()
  readonly links = new Map<string, LinkState>()
  statusAt = 0
  #pages: AlarmFact[][] = []
  readonly #hears: Hears
  readonly #raised = new Set<string>()
  readonly #link: ReturnType<typeof openContractLink>

  constructor(stack: Stack, hears: Hears) {
    this.#hears = hears
    const kinds = ['status', 'links', 'state', 'change', 'standing', 'journal'] as const
    this.#link = openContractLink({
      url: `mqtt://127.0.0.1:${stack.mqttPort}`,
      user: 'console',
      password: stack.env['ZHIBAN_CONSOLE_MQTT_PASSWORD'] ?? '',
      clientId: 'console',
      will: {
        kind: 'consoleStatus',
        address: { site: siteId, agent: consoleAgent },
        body: { online: false, session: 'faults', clock: 0, wall: 0, highWater: {}, seal: null },
      },
      filters: kinds.map(kind => filterOf(kind, siteId, agentId)),
      log: pino({ level: 'silent' }),
      onUp() {},
      onMessage: m => this.#hear(m),
    })
  }

  get standing(): AlarmFact[] {
    return this.#pages.flat()
  }

  get rejected() {
    return this.#link.rejected
  }

  /** Asks for the whole device: its values with the times at which they were last read. */
  refresh(device: string) {
    return this.#link.send('refresh', { site: siteId, agent: agentId }, { device })
  }

  close() {
    return this.#link.close()
  }

  #hear(m: Decoded) {
    if (!m.ok) return
    for (const [id, link] of Object.entries(linksIn(m) ?? {})) this.links.set(id, link)
    const told = alarmsIn(m)
    if (told) {
      this.#pages.length = Math.min(this.#pages.length, told.pages)
      this.#pages[told.page] = told.alarms
    }
    if (m.kind === 'status') this.statusAt = Date.now()
    if (m.kind === 'state' || m.kind === 'change') this.#hearDevice(m.body)
    if (m.kind === 'journal') this.#hearJournal(m.body)
  }

  #hearDevice(body: Bodies['state']) {
    const values = this.devices.get(body.device)?.values ?? new Map<string, PointValue>()
    for (const [key, value] of Object.entries(body.values)) values.set(key, value)
    this.devices.set(body.device, { link: body.link, readAt: body.readAt, values })
    this.#hears.onValues(body.device, body.values)
  }

  #hearJournal(body: Bodies['journal']) {
    for (const { body: record } of body.records) {
      const { type, alarm } = record as { type?: string; alarm?: AlarmFact }
      // What is not acknowledged in time is sent again.
      if (type !== 'alarm-raised' || !alarm || this.#raised.has(alarm.id)) continue
      this.#raised.add(alarm.id)
      this.#hears.onRaised(alarm)
    }
    const upTo = body.records.at(-1)?.n ?? 0
    void this.#link.send('journalAck', { site: siteId, agent: agentId }, { journalId: body.journalId, upTo })
  }
}
