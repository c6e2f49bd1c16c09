import type { FieldBus } from './fieldBus.ts'
import { openModbusTcp } from './modbus/protocol.ts'
import { openMqtt } from './mqtt/protocol.ts'
import type { BusTools, SiteBus } from './protocol.ts'

/** Opens a bus of the site file by its protocol. Throws a sentence that says what to set. */
export const openBus = (bus: SiteBus, tools: BusTools): FieldBus => {
  switch (bus.protocol) {
    case 'modbus-tcp':
      return openModbusTcp(bus, tools)
    case 'mqtt':
      return openMqtt(bus, tools)
  }
}
