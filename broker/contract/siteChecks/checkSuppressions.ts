import { splitRef } from '../names.ts'
import { cannotRead } from '../valueFit.ts'
import type { SiteParts } from './siteParts.ts'

/** Each suppression names devices that are there, and a point of the same agent that can say what it waits for. */
export const checkSuppressions = ({ site, say, isKnown, pointOf, profileOf, agentOf }: SiteParts) => {
  for (const [i, { when, devices }] of site.suppressions.entries()) {
    const [device, key] = splitRef(when.point)
    const point = pointOf(when.point)
    if (!isKnown('devices', device)) say(['suppressions', i, 'when', 'point'], `there is no device '${device}'`)
    else if (!point && profileOf(device)) say(['suppressions', i, 'when', 'point'], `'${device}' has no point '${key}'`)
    const misfit = point && cannotRead(point, when.equals)
    if (misfit !== undefined) say(['suppressions', i, 'when', 'equals'], `'${when.point}' ${misfit}`)
    for (const [k, id] of devices.entries()) {
      const path = ['suppressions', i, 'devices', k]
      if (!isKnown('devices', id)) say(path, `there is no device '${id}'`)
      else if (agentOf(device) !== undefined && agentOf(id) !== agentOf(device))
        say(path, `'${id}' belongs to another agent than '${device}'; a suppression does not cross agents`)
    }
  }
}
