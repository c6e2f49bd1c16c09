import { feedersOf } from '#api/feeders'
import type { AlarmGuidance } from '#api/models/alarmPage'
import type { AlarmKind } from '#contract/alarm'
import type { Guidance } from '#contract/guidance'
import type { Catalogue } from '#contract/profile'
import type { Site } from '#contract/site'

type About = { key: string; device: string | null; kind: AlarmKind }

/**
 * What is known of an alarm, the nearest first and each piece for itself: its rule; what the site says of its device; the device's type; what the site
 * says of what feeds it; what it says of this kind of alarm; what it says of all.
 */
export const guidanceOf = (site: Site, profiles: Catalogue, a: About): AlarmGuidance => {
  const device = site.devices.find(d => d.id === a.device)
  const profile = device && profiles.get(device.profile)
  const rule = device ? profile?.alarms.get(a.key.slice(device.id.length + 1)) : undefined
  const isFor = (g: Site['guidance'][number]) => g.kinds === undefined || g.kinds.includes(a.kind)
  const ofDevice = (id: string) => site.guidance.filter(g => g.devices?.includes(id) && isFor(g))
  const general = site.guidance.filter(g => g.devices === undefined)
  const ofSite = [...general.filter(g => g.kinds?.includes(a.kind)), ...general.filter(g => g.kinds === undefined)]
  const upstream = device ? feedersOf(site.devices, device.id).flatMap(ofDevice) : []
  const mine = device ? ofDevice(device.id) : []
  const chain: (Guidance | undefined)[] = [rule?.guidance, ...mine, profile?.guidance, ...upstream, ...ofSite]
  const first = <K extends keyof Guidance>(key: K): Guidance[K] => chain.find(g => g?.[key] !== undefined)?.[key]
  return {
    cause: first('cause') ?? null,
    consequence: first('consequence') ?? null,
    action: first('action') ?? [],
    withinS: first('withinS') ?? null,
    phones: [...mine, ...upstream, ...ofSite].flatMap(g => g.phones),
  }
}
