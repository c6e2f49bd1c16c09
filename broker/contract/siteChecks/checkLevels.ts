import type { SiteParts } from './siteParts.ts'

/** Levels are of devices and places that are there; a time of day has two ends. */
export const checkLevels = ({ site, say, isKnown }: SiteParts) => {
  site.levels.forEach(({ kinds, devices, places, from, to }, i) => {
    if ((from === undefined) !== (to === undefined)) say(['levels', i], 'from and to belong together')
    if (kinds?.includes('fire')) say(['levels', i, 'kinds'], 'fire is level 1 always; leave it out')
    devices?.forEach((id, k) => {
      if (!isKnown('devices', id)) say(['levels', i, 'devices', k], `there is no device '${id}'`)
    })
    places?.forEach((id, k) => {
      const known = (['zones', 'floors', 'compartments'] as const).some(section => isKnown(section, id))
      if (!known) say(['levels', i, 'places', k], `there is no zone, floor or compartment '${id}'`)
    })
  })
}
