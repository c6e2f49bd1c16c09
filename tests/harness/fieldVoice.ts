import mqtt from 'mqtt'
import { ulid } from 'ulid'
import type { AlarmFact } from '#contract/alarm'
import type { JournalBody } from '#contract/journal'
import type { LinkState } from '#contract/messages'
import type { Scalar } from '#contract/quality'
import { topicOf } from '#contract/topics'
import type { Stack } from './stack.ts'

const againMs = 1000
const atOnce = 200
const statusMs = 2000
const good: LinkState = { ok: true, since: 0, reason: null, code: null, errors: 0, driftMs: null, bus: null }

/** Speaks for the agent on the wire, for tests that need alarms of a level and place but no building. */
export const fieldVoice = async (stack: Stack) => {
  const address = { site: 'yunling', agent: 'tower' }
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${stack.mqttPort}`, {
    username: 'agent-tower',
    password: stack.env['ZHIBAN_AGENT_MQTT_PASSWORD'] ?? '',
    clientId: `agent-tower-${ulid()}`,
    reconnectPeriod: 0,
  })
  const session = ulid()
  const journalId = ulid()
  let n = 0
  let revision = 0
  let many = false
  let unacked: { n: number; body: unknown; done(): void }[] = []
  await client.subscribeAsync(topicOf('journalAck', address))
  client.on('message', (_topic, payload) => {
    const ack = JSON.parse(payload.toString('utf8')) as { journalId: string; upTo: number }
    if (ack.journalId !== journalId) return
    for (const r of unacked) if (r.n <= ack.upTo) r.done()
    const before = unacked.length
    unacked = unacked.filter(r => r.n > ack.upTo)
    if (many && unacked.length < before) pump()
  })
  const send = (records: typeof unacked) => {
    const body = { journalId, records: records.map(r => ({ n: r.n, body: r.body })) }
    return client.publishAsync(topicOf('journal', address), JSON.stringify(body), { qos: 1 })
  }
  /** As an agent does it: in order, and again until the console has it. */
  const again = setInterval(() => {
    if (unacked.length > 0 && client.connected) send(unacked.slice(0, atOnce)).catch(() => {})
  }, againMs)
  /** Returns once the console has it in its books. */
  const record = async (body: JournalBody | object): Promise<void> => {
    const kept = { n: ++n, body, done: () => {} }
    const acked = new Promise<void>(done => {
      kept.done = done
    })
    unacked.push(kept)
    await send([kept])
    await acked
  }
  /** The same of many, as fast as they are taken: some at once, the next when these are safe. */
  const records = async (bodies: readonly (JournalBody | object)[]): Promise<void> => {
    let last: Promise<void> | undefined
    for (const body of bodies) {
      const kept = { n: ++n, body, done: () => {} }
      last = new Promise<void>(done => {
        kept.done = done
      })
      unacked.push(kept)
    }
    pump()
    await last
  }
  /** Goes on with each answer; what is not answered is sent again by itself. */
  const pump = () => {
    if (unacked.length > 0 && client.connected) send(unacked.slice(0, atOnce)).catch(() => {})
  }
  const sendStatus = async () => {
    const body = { online: true, stopped: false, session, version: '0', wall: stack.now(), simTime: true, rejected: 0 }
    await client.publishAsync(topicOf('status', address), JSON.stringify({ ...body, journal: null }), { qos: 1, retain: true })
  }
  let alive: ReturnType<typeof setInterval> | undefined
  const seqs = new Map<string, number>()
  const factOf = (o: Pick<AlarmFact, 'level' | 'kind' | 'place' | 'key'>, raisedAt: number): AlarmFact => {
    const name = { zh: `报警 ${o.key}`, en: `alarm ${o.key}` }
    return { ...o, id: ulid(), device: null, point: null, name, raisedAt, value: true, limit: true, unverifiedSince: null }
  }
  return {
    factOf,
    record,
    async raise(o: Pick<AlarmFact, 'level' | 'kind' | 'place' | 'key'>, at: number): Promise<string> {
      const alarm = factOf(o, at)
      await record({ type: 'alarm-raised', at, alarm })
      return alarm.id
    },
    /** From now on the agent is in reach. */
    async online() {
      await sendStatus()
      alive = setInterval(() => {
        if (client.connected) sendStatus().catch(() => {})
      }, statusMs)
    },
    /** Values of a device as read now; the first time it is all that the device has. */
    async values(device: string, values: Record<string, Scalar>) {
      const at = stack.now()
      const seq = (seqs.get(device) ?? 0) + 1
      seqs.set(device, seq)
      const read = Object.fromEntries(Object.entries(values).map(([key, v]) => [key, { v, q: 'good', t: at }]))
      const body = { device, session, seq, readAt: at, link: good, values: read }
      const kind = seq === 1 ? 'state' : 'change'
      await client.publishAsync(topicOf(kind, { ...address, device }), JSON.stringify(body), { qos: 0, retain: seq === 1 })
    },
    returned: (id: string, at: number) => record({ type: 'alarm-returned', at, id, value: false }),
    /** The whole list of what stands. */
    async standing(alarms: readonly AlarmFact[]) {
      revision++
      const pages = Math.max(1, Math.ceil(alarms.length / 500))
      for (let page = 0; page < pages; page++) {
        const body = { session, revision, page, pages, journalId, upTo: n, alarms: alarms.slice(page * 500, page * 500 + 500) }
        await client.publishAsync(topicOf('standing', { ...address, page: String(page) }), JSON.stringify(body), {
          qos: 1,
          retain: true,
        })
      }
    },
    records: (bodies: readonly (JournalBody | object)[]) => {
      many = true
      return records(bodies)
    },
    /** How many the console has not said to have. */
    get waiting() {
      return unacked.length
    },
    get sent() {
      return n
    },
    end() {
      clearInterval(again)
      clearInterval(alive)
      return client.endAsync(true)
    },
  }
}
