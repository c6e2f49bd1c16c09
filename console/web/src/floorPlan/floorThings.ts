import type { SiteView } from '#api/models/site'

type Site = Pick<SiteView, 'zones' | 'devices' | 'compartments'>

/** What belongs on the plan of a floor: the devices there, and the detectors of its compartments. Pure. */
export const thingsOn = (site: Site, floor: string): string[] => {
  const zones = new Set(site.zones.filter(z => z.floor === floor).map(z => z.id))
  const compartments = site.compartments.filter(c => c.zones.some(z => zones.has(z)))
  const places = new Set([floor, ...zones, ...compartments.map(c => c.id)])
  const devices = site.devices.filter(d => d.place !== null && places.has(d.place)).map(d => d.id)
  const detectors = compartments.flatMap(c => c.detectors.flatMap(d => (d.fire === undefined ? [] : [`${c.panel}/${d.fire}`])))
  return [...new Set([...detectors, ...devices])]
}

/** The floors on which a place lies: a floor, a zone, a compartment, or where a device stands. Pure. */
export const floorsOf = (site: Site & Pick<SiteView, 'floors'>, place: string | null): string[] => {
  if (place === null) return []
  if (site.floors.some(f => f.id === place)) return [place]
  const zones = site.compartments.find(c => c.id === place)?.zones ?? [place]
  const floors = [...new Set(site.zones.filter(z => zones.includes(z.id)).map(z => z.floor))]
  if (floors.length > 0) return floors
  const at = site.devices.find(d => d.id === place)?.place ?? null
  return at === place ? [] : floorsOf(site, at)
}
