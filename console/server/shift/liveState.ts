import type { HoldersView } from '#api/models'
import type { Words } from '#contract/names'
import { level } from '#contract/priority'
import type { Catalogue } from '#contract/profile'
import { isTrusted } from '#contract/quality'
import type { Site } from '#contract/site'
import type { Mirror } from '../live/mirror.ts'

/** A piece of major equipment between standing and running, as the edge reports it. */
export type Moving = { device: string; name: Words; towards: boolean }
export type LiveState = {
  /** Plant and air handlers whose command and feedback differ now. */
  moving(): Moving[]
  /** Points that a person holds. */
  handHolds(): HoldersView[]
}

/** What a handover asks of the building, from the mirror of the edge; nothing here is assumed of a link that is lost. */
export const openLiveState = (site: Site, profiles: Catalogue, mirror: () => Mirror): LiveState => ({
  moving: () =>
    site.devices
      .filter(d => d.feeds.length > 0)
      .flatMap(d => {
        const runs = profiles.get(d.profile)?.runs
        const command = runs && mirror().value(`${d.id}/${runs.command}`)
        const feedback = runs && mirror().value(`${d.id}/${runs.feedback}`)
        if (!command || !feedback || !isTrusted(command) || !isTrusted(feedback) || command.v === feedback.v) return []
        return [{ device: d.id, name: d.name, towards: command.v === true }]
      }),
  handHolds: () =>
    mirror()
      .holders()
      .filter(h => h.array.holders.some(x => x.level === level.operator)),
})
