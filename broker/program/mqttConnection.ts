import { Socket } from 'node:net'
import mqtt, { type MqttClient } from 'mqtt'
import type { Log } from './log.ts'

export type Will = { topic: string; payload: string; qos: 0 | 1; retain: boolean }
export type MqttOptions = {
  url: string
  user: string
  password: string
  clientId: string
  will?: Will
  filters: readonly string[]
  log: Log
  /** Called after every connect, once all filters are subscribed. */
  onUp(): void
  onDown?(): void
  onMessage(topic: string, payload: Buffer, retained: boolean): void
}

export type MqttConnection = {
  readonly up: boolean
  /** Resolves true when the broker has it (QoS 1) or it was handed to the socket (QoS 0); false when the link is down. */
  publish(topic: string, payload: string, qos: 0 | 1, retain: boolean): Promise<boolean>
  close(last?: Will): Promise<void>
}

const ackLimitMs = 5000

/**
 * The one home of mqtt.js, with the guards of faults.md §7: clean sessions, nothing queued while offline, reconnects
 * after every kind of refusal with jitter, deadlines on acknowledgements, handlers attached before connecting.
 */
export const openMqtt = (o: MqttOptions): MqttConnection => {
  let up = false
  let closing = false
  const client: MqttClient = mqtt.connect(o.url, {
    username: o.user,
    password: o.password,
    clientId: o.clientId,
    clean: true,
    protocolVersion: 4,
    keepalive: 5,
    connectTimeout: 5000,
    reconnectPeriod: 400 + Math.floor(Math.random() * 400),
    reconnectOnConnackError: true,
    queueQoSZero: false,
    resubscribe: false,
    ...(o.will
      ? { will: { topic: o.will.topic, payload: Buffer.from(o.will.payload), qos: o.will.qos, retain: o.will.retain } }
      : {}),
  })
  const down = () => {
    if (!up) return
    up = false
    if (!closing) o.log.warn({ url: o.url }, 'MQTT link lost')
    o.onDown?.()
  }
  client.on('message', (topic, payload, packet) => {
    try {
      o.onMessage(topic, payload, packet.retain)
    } catch (error) {
      o.log.error({ err: error, topic }, 'bug: an MQTT handler threw')
    }
  })
  client.on('connect', () => {
    // Small packets must not wait for the acknowledgement of the last one: that would cost an alarm 40 ms.
    if (client.stream instanceof Socket) client.stream.setNoDelay(true)
    const subscribed = o.filters.length === 0 ? Promise.resolve([]) : client.subscribeAsync([...o.filters], { qos: 1 })
    subscribed.then(
      () => {
        if (!client.connected) return
        up = true
        o.log.info({ url: o.url }, 'MQTT link up')
        o.onUp()
      },
      error => {
        o.log.error({ err: error, filters: o.filters }, 'subscription refused')
        client.reconnect()
      },
    )
  })
  client.on('close', down)
  client.on('offline', down)
  let complained = false
  client.on('error', error => {
    if (!complained && !closing) o.log.warn({ err: error.message, url: o.url }, 'MQTT error')
    complained = up === false
  })
  return {
    get up() {
      return up
    },
    publish(topic, payload, qos, retain) {
      if (!up || !client.connected) return Promise.resolve(false)
      return new Promise(done => {
        const timer = setTimeout(() => done(false), ackLimitMs)
        client.publish(topic, payload, { qos, retain }, error => {
          clearTimeout(timer)
          done(!error)
        })
      })
    },
    async close(last) {
      closing = true
      if (last && client.connected) await this.publish(last.topic, last.payload, last.qos, last.retain)
      await new Promise<void>(done => {
        const timer = setTimeout(done, 1000)
        client.end(!client.connected, {}, () => {
          clearTimeout(timer)
          done()
        })
      })
    },
  }
}
