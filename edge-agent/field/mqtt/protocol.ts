import type { OpenBus } from '../protocol.ts'
import { openMqttFieldBus } from './mqttBus.ts'

export const openMqtt: OpenBus<'mqtt'> = (bus, { setting, devices, events, log }) => {
  const user = setting(bus.account.user)
  const password = setting(bus.account.password)
  if (!user || !password) throw new Error(`set ${bus.account.password.replace('env:', '')} for bus '${bus.id}'`)
  return openMqttFieldBus({ id: bus.id, devices, events, log, url: setting(bus.url) ?? '', user, password })
}
