import { refOf } from '../names.ts'
import type { ProfilePoint } from '../profileFile.ts'
import type { SiteParts } from './siteParts.ts'

const notFire = {
  fault: 'says that the detector is faulty, not that there is a fire',
  shielded: 'says that the detector is shielded, not that there is a fire',
  none: "is no detector's own signal (role: fire and a detector in the profile); a sum of the panel only repeats what its detectors say",
} as const

const whyNot = (point: ProfilePoint): string | undefined => {
  if (point.role !== 'fire' || !point.detector) {
    const role = point.role === 'fault' || point.role === 'shielded' ? point.role : 'none'
    return `${notFire[role]}; name the fire points of detectors`
  }
  return point.kind === 'binary' ? undefined : `is ${point.kind}; a witness says fire or no fire`
}

/** The rule counts alarm devices that are independent of each other (GB 50116 4.1.6): each witness is another detector. */
export const checkWitnesses = ({ site, say, pointOf, profileOf }: SiteParts) => {
  site.compartments.forEach((c, i) => {
    const firstOf = new Map<string, string>()
    c.witnesses.forEach((key, k) => {
      const place = ['compartments', i, 'witnesses', k]
      const point = pointOf(refOf(c.panel, key))
      const why = point && whyNot(point)
      if (!point && profileOf(c.panel)) say(place, `'${c.panel}' has no point '${key}'`)
      if (why !== undefined) say(place, `'${c.panel}/${key}' ${why}`)
      const detector = (why === undefined && point?.detector) || key
      const first = firstOf.get(detector)
      if (first === key) say(place, `'${key}' stands twice; one detector is one witness`)
      else if (first !== undefined)
        say(place, `'${key}' and '${first}' are one detector '${detector}'; a second witness is another one`)
      else firstOf.set(detector, key)
    })
    if (c.rule.independent > firstOf.size)
      say(
        ['compartments', i, 'rule'],
        `asks for ${c.rule.independent} witnesses but only ${firstOf.size} are listed; list more detectors`,
      )
  })
}
