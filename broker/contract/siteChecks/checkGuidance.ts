import type { SiteParts } from './siteParts.ts'

/** Guidance is of devices that are there. */
export const checkGuidance = ({ site, say, isKnown }: SiteParts) => {
  site.guidance.forEach(({ devices }, i) => {
    devices?.forEach((id, k) => {
      if (!isKnown('devices', id)) say(['guidance', i, 'devices', k], `there is no device '${id}'`)
    })
  })
}
