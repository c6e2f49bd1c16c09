import { splitRef } from '../names.ts'
import { type Compartment, conditionOf } from '../site.ts'
import { placedLinkages } from './placedLinkages.ts'
import type { SiteParts } from './siteParts.ts'

const rule = 'fire compartments do not cross agents; name a device of the same agent'

/**
 * A compartment and an interlock live within one agent, which must carry them out when it is alone (design §2). What is said
 * stands where the fewest hands are needed: at the panel when no linkage is on its side, at a set that fits nobody who includes it.
 */
const checkCompartments = ({ site, say, agentOf }: SiteParts) => {
  const isAcross = (device: string, c: Compartment) => {
    const [own, panels] = [agentOf(device), agentOf(c.panel)]
    return own !== undefined && panels !== undefined && own !== panels
  }
  const linkages = placedLinkages(site)
  const foreign = new Set<Compartment>()
  site.compartments.forEach((c, i) => {
    const devices = new Set(linkages.filter(l => l.compartments.includes(c)).map(l => l.linkage.device))
    if (devices.size < 2 || ![...devices].every(d => isAcross(d, c))) return
    foreign.add(c)
    say(
      ['compartments', i, 'panel'],
      `panel '${c.panel}' belongs to agent '${agentOf(c.panel)}', and none of its linkages does; ${rule}`,
    )
  })
  for (const { linkage, path, set, compartments } of linkages) {
    const across = compartments.filter(c => !foreign.has(c) && isAcross(linkage.device, c))
    const what = `linkage '${linkage.id}': '${linkage.device}' belongs to another agent than the panel`
    if (across.length > 0 && (set === undefined || across.length === compartments.length))
      say([...path, 'device'], `${what} of '${across.map(c => c.id).join("', '")}'; ${rule}`)
    else if (set !== undefined)
      for (const c of across)
        say(['compartments', site.compartments.indexOf(c), 'include', c.include.indexOf(set)], `${what}; ${rule}`)
  }
}

const checkInterlocks = ({ site, say, agentOf }: SiteParts) => {
  site.interlocks.forEach((lock, i) => {
    const across = lock.devices.filter(target => {
      const [own, other] = [agentOf(target), agentOf(splitRef(conditionOf(lock, target))[0])]
      return own !== undefined && other !== undefined && own !== other
    })
    const [condition] = splitRef(lock.unless.point)
    const rest = 'interlocks do not cross agents; name a device of the same agent'
    if (across.length > 0 && across.length === lock.devices.length)
      say(['interlocks', i, 'unless', 'point'], `'${condition}' belongs to another agent than '${across.join("', '")}'; ${rest}`)
    else
      for (const target of across)
        say(
          ['interlocks', i, 'devices', lock.devices.indexOf(target)],
          `'${target}' belongs to another agent than '${condition}'; ${rest}`,
        )
  })
}

export const checkCrossings = (parts: SiteParts) => {
  checkCompartments(parts)
  checkInterlocks(parts)
}
