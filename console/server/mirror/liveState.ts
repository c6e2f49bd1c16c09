import type { HoldersView } from '#api/models/live'
import { pointName, pointValue } from '#api/pointName'
import type { Text } from '#api/words/text'
import { splitRef, type Words } from '#contract/names'
import { handHold } from '#contract/priority'
import type { Catalogue } from '#contract/profile'
import { isTrusted } from '#contract/quality'
import type { Site } from '#contract/site'
import type { Mirror } from './mirror.ts'

/** A piece of major equipment between standing and running, as the edge reports it. */
export type Moving = { device: string; name: Words; towards: boolean }
export type LiveState = {
  /** Plant and air handlers whose command and feedback differ now. */
  moving(): Moving[]
  /** Those of which nobody can say now: their link is lost, or their values are not to be trusted. */
  unknown(): { device: string; name: Words }[]
  /** Points that a person holds. */
  handHolds(): (HoldersView & { name: Text; value: Text })[]
}

/** What a handover asks of the building, from the mirror of the edge; nothing here is assumed of a link that is lost. */
export const openLiveState = (site: Site, profiles: Catalogue, mirror: () => Mirror): LiveState => {
  /** Plant and air handlers with what they are told and what they report; undefined where that is not known. */
  const major = () =>
    site.devices.flatMap(d => {
      const runs = d.feeds.length > 0 ? profiles.get(d.profile)?.runs : undefined
      if (!runs) return []
      const command = mirror().value(`${d.id}/${runs.command}`)
      const feedback = mirror().value(`${d.id}/${runs.feedback}`)
      const known = command && feedback && isTrusted(command) && isTrusted(feedback)
      return [{ device: d.id, name: d.name, told: known ? command.v : undefined, does: known ? feedback.v : undefined }]
    })
  return {
    moving: () =>
      major()
        .filter(m => m.told !== undefined && m.told !== m.does)
        .map(({ device, name, told }) => ({ device, name, towards: told === true })),
    unknown: () =>
      major()
        .filter(m => m.told === undefined)
        .map(({ device, name }) => ({ device, name })),
    handHolds: () =>
      mirror()
        .holders()
        .flatMap(h => {
          const hold = handHold(h.array)
          if (!hold) return []
          const [id, key] = splitRef(h.point)
          const device = site.devices.find(d => d.id === id)
          const point = profiles.get(device?.profile ?? '')?.points.get(key)
          return [{ ...h, name: pointName(device?.name ?? { zh: id, en: id }, point), value: pointValue(hold.value, point) }]
        }),
  }
}
