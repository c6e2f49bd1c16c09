import { type Decoded, decode, encode } from '../contract/decode.ts'
import { type Kind, kinds, packetLimits } from '../contract/kinds.ts'
import type { Bodies } from '../contract/messages.ts'
import { type Address, topicOf } from '../contract/topics.ts'
import { type MqttConnection, type MqttOptions, openMqtt } from './mqttConnection.ts'

export type ContractLink = {
  readonly up: boolean
  readonly rejected: number
  /** Messages that were not sent because the broker would have cut us off for their size. */
  readonly oversize: number
  send<K extends Kind>(kind: K, address: Address, body: Bodies[K]): Promise<boolean>
  close(last?: { kind: Kind; address: Address; body: Bodies[Kind] }): Promise<void>
}

type Options = Omit<MqttOptions, 'onMessage' | 'will'> & {
  will: { kind: Kind; address: Address; body: Bodies[Kind] }
  onMessage(message: Decoded, retained: boolean): void
  onRejected?(topic: string, reason: string): void
}

/** For the topic and the header of a packet. */
const headroom = 1000

const asPacket = (m: { kind: Kind; address: Address; body: Bodies[Kind] }) => ({
  topic: topicOf(m.kind, m.address),
  payload: encode(m.kind, m.body),
  qos: kinds[m.kind].qos,
  retain: kinds[m.kind].retain,
})

/** An MQTT connection that speaks only the contract: typed messages in and out, rejections counted and named. */
export const openContractLink = (o: Options): ContractLink => {
  let rejected = 0
  let oversize = 0
  let lastComplaint = 0
  const connection: MqttConnection = openMqtt({
    ...o,
    will: asPacket(o.will),
    onMessage(topic, payload, retained) {
      const message = decode(topic, payload)
      if (message.ok) return o.onMessage(message, retained)
      rejected++
      o.onRejected?.(topic, message.reason)
      if (performance.now() - lastComplaint < 1000) return
      lastComplaint = performance.now()
      o.log.warn({ topic, reason: message.reason, rejected }, 'message rejected')
    },
  })
  return {
    get up() {
      return connection.up
    },
    get rejected() {
      return rejected
    },
    get oversize() {
      return oversize
    },
    send(kind, address, body) {
      const topic = topicOf(kind, address)
      const payload = encode(kind, body)
      // Whoever sends more than the limit is cut off, and would send it again at every return: it says so instead.
      if (Buffer.byteLength(payload) > packetLimits.program - headroom) {
        oversize++
        o.log.error({ topic, bytes: Buffer.byteLength(payload) }, 'bug: a message is over the limit and was not sent')
        return Promise.resolve(false)
      }
      return connection.publish(topic, payload, kinds[kind].qos, kinds[kind].retain)
    },
    close: last => connection.close(last && asPacket(last)),
  }
}
