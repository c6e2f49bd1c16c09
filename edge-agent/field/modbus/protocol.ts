import type { OpenBus } from '../protocol.ts'
import { openModbusFieldBus } from './modbusBus.ts'

export const openModbusTcp: OpenBus<'modbus-tcp'> = (bus, { setting, ...tools }) => {
  const port = Number(setting(bus.port))
  if (!(port > 0 && port < 65_536)) throw new Error(`bus '${bus.id}': '${bus.port}' is no port`)
  return openModbusFieldBus({ ...tools, id: bus.id, host: setting(bus.host) ?? '', port })
}
