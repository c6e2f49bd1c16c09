import mqtt from 'mqtt'
import { ulid } from 'ulid'
import type { AlarmFact } from '#contract/alarm'
import type { JournalBody } from '#contract/journal'
import { topicOf } from '#contract/topics'
import type { Stack } from './stack.ts'

/** Speaks for the agent on the wire, for tests that need alarms of a level and place but no building. */
export const fieldVoice = async (stack: Stack) => {
  const address = { site: 'yunling', agent: 'tower' }
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${stack.mqttPort}`, {
    username: 'agent-tower',
    password: stack.env['ZHIBAN_AGENT_MQTT_PASSWORD'] ?? '',
    clientId: `agent-tower-${ulid()}`,
    reconnectPeriod: 0,
  })
  const journalId = ulid()
  let n = 0
  const waiting = new Map<number, () => void>()
  await client.subscribeAsync(topicOf('journalAck', address))
  client.on('message', (_topic, payload) => {
    const ack = JSON.parse(payload.toString('utf8')) as { journalId: string; upTo: number }
    if (ack.journalId !== journalId) return
    for (const [number, done] of waiting)
      if (number <= ack.upTo) {
        waiting.delete(number)
        done()
      }
  })
  /** Returns once the console has it in its books. */
  const record = async (body: JournalBody): Promise<void> => {
    const number = ++n
    const acked = new Promise<void>(done => waiting.set(number, done))
    await client.publishAsync(topicOf('journal', address), JSON.stringify({ journalId, records: [{ n: number, body }] }), {
      qos: 1,
    })
    await acked
  }
  return {
    async raise(o: Pick<AlarmFact, 'level' | 'kind' | 'place' | 'key'>, at: number): Promise<string> {
      const id = ulid()
      const name = { zh: `报警 ${o.key}`, en: `alarm ${o.key}` }
      const rest = { id, device: null, point: null, name, raisedAt: at, value: true, limit: true, unverifiedSince: null }
      await record({ type: 'alarm-raised', at, alarm: { ...o, ...rest } })
      return id
    },
    returned: (id: string, at: number) => record({ type: 'alarm-returned', at, id, value: false }),
    end: () => client.endAsync(true),
  }
}
