import type { SiteParts } from './siteParts.ts'

/** Zones, units and what runs round the clock stand on what is there. */
export const checkPlaces = ({ site, say, isKnown, profileOf }: SiteParts) => {
  const controllers = new Map<string, string>()
  site.zones.forEach((z, i) => {
    const place = ['zones', i, 'controller']
    if (!isKnown('floors', z.floor)) say(['zones', i, 'floor'], `there is no floor '${z.floor}'`)
    if (!isKnown('devices', z.controller)) say(place, `there is no device '${z.controller}'`)
    const twin = controllers.get(z.controller)
    if (twin !== undefined) say(place, `'${z.controller}' already controls zone '${twin}'`)
    else controllers.set(z.controller, z.id)
    const p = profileOf(z.controller)
    if (p && !p.runs) say(place, `profile '${p.profile}' does not say what runs (runs: {command, feedback})`)
  })
  site.units.forEach((u, i) => {
    u.zones.forEach((z, k) => {
      if (!isKnown('zones', z)) say(['units', i, 'zones', k], `there is no zone '${z}'`)
    })
  })
  site.alwaysOn.forEach((z, i) => {
    if (!isKnown('zones', z)) say(['alwaysOn', i], `there is no zone '${z}'`)
  })
}
