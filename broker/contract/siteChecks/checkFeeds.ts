import type { SiteParts } from './siteParts.ts'

const circleIn = (feeds: ReadonlyMap<string, readonly string[]>): string[] | undefined => {
  const done = new Set<string>()
  const walk = (id: string, trail: string[]): string[] | undefined => {
    if (trail.includes(id)) return [...trail.slice(trail.indexOf(id)), id]
    if (done.has(id)) return undefined
    done.add(id)
    for (const next of feeds.get(id) ?? []) {
      const found = walk(next, [...trail, id])
      if (found) return found
    }
    return undefined
  }
  for (const id of feeds.keys()) {
    const found = walk(id, [])
    if (found) return found
  }
  return undefined
}

/** What feeds what: within one agent, and never in a circle. */
export const checkFeeds = ({ site: { devices }, say, isKnown, agentOf }: SiteParts) => {
  devices.forEach((d, i) => {
    d.feeds.forEach((fed, k) => {
      const [own, other] = [agentOf(d.id), agentOf(fed)]
      if (!isKnown('devices', fed)) say(['devices', i, 'feeds', k], `there is no device '${fed}'`)
      else if (own !== undefined && other !== undefined && own !== other)
        say(['devices', i, 'feeds', k], `'${fed}' belongs to another agent; feeds do not cross agents`)
    })
  })
  const circle = circleIn(new Map(devices.map(d => [d.id, d.feeds])))
  if (circle)
    say(['devices', devices.findIndex(d => d.id === circle[0]), 'feeds'], `feeds go in a circle: ${circle.join(' -> ')}`)
}
