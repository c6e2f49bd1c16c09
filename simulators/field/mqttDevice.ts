import { resolveSetting } from '#contract/parseSite'
import type { Log } from '#program/log'
import { type MqttConnection, openMqtt } from '#program/mqttConnection'
import type { SimDevice } from '../simDevice.ts'

const statePeriodMs = 2000

/** A device that speaks MQTT by itself, beneath its own prefix and account: state when it changes and every 2 s. */
export const openMqttDevice = (device: SimDevice, url: string, env: NodeJS.ProcessEnv, log: Log): { close(): Promise<void> } => {
  const { account, prefix } = device.site
  const points = [...device.profile.points].flatMap(([key, p]) => (p.mqtt ? [{ key, ...p.mqtt }] : []))
  let connection: MqttConnection
  let last = ''

  const speak = (always: boolean) => {
    if (device.fault?.kind === 'silent' || !connection.up) return
    const body = Object.fromEntries(points.map(p => [p.path, device.fault?.kind === 'nonsense' ? 'ÿÿ' : device.value(p.key)]))
    const text = JSON.stringify(body)
    // A clock that goes on is no change.
    const clock = points.find(p => p.key === device.profile.clock?.point)?.path
    const news = JSON.stringify(body, (key, value) => (key === clock ? undefined : value))
    if (!always && news === last) return
    last = news
    const send = () => void connection.publish(`${prefix}/state`, text, 0, false)
    if (device.fault?.kind === 'slow') setTimeout(send, device.fault.delayMs ?? 3000)
    else send()
  }
  connection = openMqtt({
    url,
    user: account?.user ?? '',
    password: resolveSetting(account?.password ?? '', env) ?? '',
    clientId: account?.user ?? device.id,
    filters: [`${prefix}/command`],
    log,
    onUp: () => speak(true),
    onMessage(_topic, payload) {
      if (device.fault) return
      let order: Record<string, unknown>
      try {
        order = JSON.parse(payload.toString('utf8'))
      } catch {
        return log.debug({ device: device.id }, 'order is not JSON')
      }
      for (const p of points) {
        const value = p.command && order?.[p.command.path]
        if (typeof value === 'boolean' || typeof value === 'number') device.write(p.key, value)
      }
    },
  })
  device.onEvent = (event, detail) => {
    if (!device.fault && connection.up) void connection.publish(`${prefix}/event`, JSON.stringify({ event, detail }), 1, false)
  }
  device.onTouched = () => speak(false)
  const timer = setInterval(() => speak(true), statePeriodMs)
  const watch = setInterval(() => speak(false), 100)
  return {
    close() {
      clearInterval(timer)
      clearInterval(watch)
      return connection.close()
    },
  }
}
