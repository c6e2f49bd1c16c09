import type { Catalogue, Profile } from '#contract/profile'
import type { Site } from '#contract/site'
import type { FieldBus } from './fieldBus.ts'
import { openModbusTcp } from './modbus/protocol.ts'
import { openMqtt } from './mqtt/protocol.ts'
import type { BusTools, SiteBus } from './protocol.ts'

/** Opens a bus of the site file by its protocol. Throws a sentence that says what to set. */
const openBus = (bus: SiteBus, tools: BusTools): FieldBus => {
  switch (bus.protocol) {
    case 'modbus-tcp':
      return openModbusTcp(bus, tools)
    case 'mqtt':
      return openMqtt(bus, tools)
  }
}

/** Opens these buses of a site with their devices, a little after one another, so that not all ask at the same moment. */
export const openBuses = (
  { site, catalogue, ...tools }: { site: Site; catalogue: Catalogue } & Pick<BusTools, 'events' | 'log' | 'setting'>,
  buses: readonly SiteBus[],
): Map<string, FieldBus> =>
  new Map(
    buses.map((bus, index) => {
      const devices = site.devices
        .filter(d => d.bus === bus.id)
        .map(device => ({ device, profile: catalogue.get(device.profile) as Profile }))
      return [bus.id, openBus(bus, { ...tools, devices, offset: index / buses.length })] as const
    }),
  )
