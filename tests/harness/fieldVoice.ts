import mqtt from 'mqtt'
import { ulid } from 'ulid'
import type { AlarmFact } from '#contract/alarm'
import type { JournalBody } from '#contract/journal'
import { topicOf } from '#contract/topics'
import type { Stack } from './stack.ts'

const againMs = 1000

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
  let unacked: { n: number; body: unknown; done(): void }[] = []
  await client.subscribeAsync(topicOf('journalAck', address))
  client.on('message', (_topic, payload) => {
    const ack = JSON.parse(payload.toString('utf8')) as { journalId: string; upTo: number }
    if (ack.journalId !== journalId) return
    for (const r of unacked) if (r.n <= ack.upTo) r.done()
    unacked = unacked.filter(r => r.n > ack.upTo)
  })
  const send = (records: typeof unacked) => {
    const body = { journalId, records: records.map(r => ({ n: r.n, body: r.body })) }
    return client.publishAsync(topicOf('journal', address), JSON.stringify(body), { qos: 1 })
  }
  /** As an agent does it: in order, and again until the console has it. */
  const again = setInterval(() => {
    if (unacked.length > 0 && client.connected) send(unacked.slice(0, 200)).catch(() => {})
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
    returned: (id: string, at: number) => record({ type: 'alarm-returned', at, id, value: false }),
    /** The whole list of what stands. */
    async standing(alarms: readonly AlarmFact[]) {
      revision++
      const pages = Math.max(1, Math.ceil(alarms.length / 500))
      for (let page = 0; page < pages; page++) {
        const body = { session, revision, page, pages, alarms: alarms.slice(page * 500, page * 500 + 500) }
        await client.publishAsync(topicOf('standing', { ...address, page: String(page) }), JSON.stringify(body), {
          qos: 1,
          retain: true,
        })
      }
    },
    get sent() {
      return n
    },
    end() {
      clearInterval(again)
      return client.endAsync(true)
    },
  }
}
