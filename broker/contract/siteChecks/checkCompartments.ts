import { refOf } from '../names.ts'
import type { Compartment } from '../site.ts'
import { cannotRead } from '../valueFit.ts'
import type { Path } from '../yamlSource.ts'
import type { SiteParts } from './siteParts.ts'

const checkIncludes = (c: Compartment, path: Path, { site, say, isKnown }: SiteParts) => {
  const seen = new Map<string, string>()
  const take = (place: Path, id: string, from: string) => {
    if (seen.has(id)) say(place, `linkage '${id}' stands twice (first in ${seen.get(id)}); give it another id`)
    else seen.set(id, from)
  }
  c.include.forEach((set, k) => {
    const place = [...path, 'include', k]
    if (!isKnown('linkageSets', set)) say(place, `there is no linkage set '${set}'`)
    else if (c.include.indexOf(set) < k) say(place, `linkage set '${set}' is included twice; leave one out`)
    else for (const l of site.linkageSets[set] ?? []) take(place, l.id, `'${set}'`)
  })
  c.linkages.forEach((l, k) => {
    take([...path, 'linkages', k, 'id'], l.id, `the compartment's own`)
  })
}

/** What a compartment is made of is there, and its panel can report normal. */
export const checkCompartments = (parts: SiteParts) => {
  const { site, say, isKnown, profileOf, pointOf } = parts
  site.compartments.forEach((c, i) => {
    c.zones.forEach((z, k) => {
      if (!isKnown('zones', z)) say(['compartments', i, 'zones', k], `there is no zone '${z}'`)
    })
    if (!isKnown('devices', c.panel)) say(['compartments', i, 'panel'], `there is no device '${c.panel}'`)
    checkIncludes(c, ['compartments', i], parts)
    const { point, value } = c.panelNormal
    const normal = pointOf(refOf(c.panel, point))
    const misfit = normal && cannotRead(normal, value)
    if (misfit !== undefined) say(['compartments', i, 'panelNormal', 'value'], `'${c.panel}/${point}' ${misfit}`)
    if (!normal && profileOf(c.panel)) say(['compartments', i, 'panelNormal', 'point'], `'${c.panel}' has no point '${point}'`)
  })
}
