import type { Path } from '../yamlSource.ts'
import type { SiteParts } from './siteParts.ts'

const ownRoot = 'zhiban'
const beneath = 'a device may speak for all beneath its prefix; choose prefixes beside each other'

type Prefixed = { device: string; prefix: string }

const checkPrefix = (path: Path, prefix: string, others: readonly Prefixed[], say: SiteParts['say']) => {
  if (prefix.startsWith(ownRoot)) say(path, `'${ownRoot}' is the console's own; choose another prefix`)
  const same = others.find(o => o.prefix === prefix)
  const outer = others.find(o => prefix.startsWith(`${o.prefix}/`))
  const inner = others.find(o => o.prefix.startsWith(`${prefix}/`))
  if (same) say(path, `prefix is already that of '${same.device}'; choose another`)
  else if (outer) say(path, `'${prefix}' lies beneath '${outer.prefix}' of '${outer.device}': ${beneath}`)
  else if (inner) say(path, `'${inner.prefix}' of '${inner.device}' lies beneath '${prefix}': ${beneath}`)
}

/** Every device has an address, and has it alone. */
export const checkAddresses = ({ site, say, busOf }: SiteParts) => {
  const units = new Map<string, string>()
  const prefixes: Prefixed[] = []
  for (const [i, d] of site.devices.entries()) {
    const bus = busOf(d.id)
    const protocol = bus?.protocol
    if (protocol === 'modbus-tcp' && d.simulated !== undefined && d.simulated !== bus?.simulated)
      say(
        ['devices', i, 'simulated'],
        `'${d.bus}' is one server, simulated as a whole or not at all; put this device on another bus`,
      )
    if (protocol === 'modbus-tcp' && d.unit === undefined) say(['devices', i], `a device on Modbus bus '${d.bus}' needs a unit`)
    if (protocol === 'modbus-tcp' && d.unit !== undefined) {
      const address = `${d.bus} unit ${d.unit}`
      const other = units.get(address)
      if (other === undefined) units.set(address, d.id)
      else say(['devices', i, 'unit'], `${address} is already '${other}'; give it another unit`)
    }
    if (protocol !== 'mqtt') continue
    if (!d.account) say(['devices', i], `a device on MQTT bus '${d.bus}' needs an account`)
    if (d.prefix === undefined) say(['devices', i], `a device on MQTT bus '${d.bus}' needs a prefix`)
    else {
      checkPrefix(['devices', i, 'prefix'], d.prefix, prefixes, say)
      prefixes.push({ device: d.id, prefix: d.prefix })
    }
  }
}
