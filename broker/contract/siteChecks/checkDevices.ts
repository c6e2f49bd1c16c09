import type { SiteParts } from './siteParts.ts'

/** Every device is of a known type, on a bus that speaks its language, at a place that is there. */
export const checkDevices = ({ site, say, isKnown, busOf, catalogue }: SiteParts) => {
  site.buses.forEach((b, i) => {
    if (!isKnown('agents', b.agent)) say(['buses', i, 'agent'], `there is no agent '${b.agent}'`)
  })
  site.devices.forEach((d, i) => {
    if (!isKnown('buses', d.bus)) say(['devices', i, 'bus'], `there is no bus '${d.bus}'`)
    const { place } = d
    if (place && !(['floors', 'zones', 'compartments'] as const).some(section => isKnown(section, place)))
      say(['devices', i, 'place'], `there is no floor, zone or compartment '${place}'`)
    if (!catalogue) return
    const p = catalogue.get(d.profile)
    const protocol = busOf(d.id)?.protocol
    if (!p)
      say(['devices', i, 'profile'], `there is no profile '${d.profile}'; the profiles are ${[...catalogue.keys()].join(', ')}`)
    else if (protocol && (p.protocol === 'mqtt') !== (protocol === 'mqtt'))
      say(['devices', i, 'profile'], `profile '${p.profile}' speaks ${p.protocol}, but bus '${d.bus}' is ${protocol}`)
    const test = d.watch?.testPoint
    if (test && p && !p.points.has(test)) say(['devices', i, 'watch', 'testPoint'], `'${d.id}' has no point '${test}'`)
  })
}
