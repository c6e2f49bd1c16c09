import type { Words } from './names.ts'
import type { Catalogue } from './profile.ts'
import { linkagesOf, type Site } from './site.ts'

export type Uncovered = { device: string; name: Words; point: string; value: string }

/**
 * Devices whose kind acts at a fire (doors released, barriers raised: GB 50116-2013 4.10.3; air handling stopped)
 * but which no linkage of any compartment covers, and whose site entry gives no reason for that.
 */
export const uncovered = (site: Site, catalogue: Catalogue): Uncovered[] => {
  const covered = new Set(
    site.compartments
      .flatMap(c => linkagesOf(site, c))
      .filter(l => l.by === 'agent')
      .map(l => `${l.device}/${l.point}=${String(l.value)}`),
  )
  return site.devices.flatMap(d => {
    const act = catalogue.get(d.profile)?.atFire
    if (!act || d.notAtFire || covered.has(`${d.id}/${act.point}=${String(act.value)}`)) return []
    return [{ device: d.id, name: d.name, point: act.point, value: String(act.value) }]
  })
}
