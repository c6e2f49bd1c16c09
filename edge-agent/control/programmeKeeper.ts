import { type PointRef, refOf } from '#contract/names'
import type { Catalogue } from '#contract/profile'
import type { Programme, ProgrammeReport } from '#contract/programme'
import type { LocalCalendar } from '#contract/programmeHours'
import type { Device, Site } from '#contract/site'
import { type Node, programmeLevels, wantedHolders } from '../domain/demand.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { PriorityArrays } from './priorityArrays.ts'

/** Everything that the programme switches, from zones up to the plant, so that demand can flow upstream in one pass. */
export const runningNodes = (site: Site, catalogue: Catalogue, devices: readonly Device[]): Node[] => {
  const runs = (d: Device) => catalogue.get(d.profile)?.runs
  const zoneOf = new Map(site.zones.map(z => [z.controller, z.id]))
  const height = (d: Device): number =>
    d.feeds.length === 0
      ? 0
      : 1 +
        Math.max(
          ...d.feeds.map(id => {
            const fed = devices.find(x => x.id === id)
            return fed ? height(fed) : 0
          }),
        )
  return devices
    .filter(d => runs(d) && (zoneOf.has(d.id) || d.feeds.length > 0))
    .sort((a, b) => height(a) - height(b))
    .map(d => {
      const zone = zoneOf.get(d.id)
      return { device: d.id, command: runs(d)?.command ?? '', feeds: d.feeds, ...(zone ? { zone } : {}) }
    })
}

/** Stores the programme in force and keeps levels 12 and 15 of every running thing as it says. */
export class ProgrammeKeeper {
  readonly #site: Site
  readonly #nodes: readonly Node[]
  readonly #calendar: LocalCalendar
  readonly #arrays: PriorityArrays
  #programme: Programme | undefined
  report: ProgrammeReport = { revision: 0, at: 0, refused: [], declined: null }

  constructor(o: {
    site: Site
    nodes: readonly Node[]
    calendar: LocalCalendar
    arrays: PriorityArrays
    kept: Programme | undefined
    wall: number
  }) {
    this.#site = o.site
    this.#nodes = o.nodes
    this.#calendar = o.calendar
    this.#arrays = o.arrays
    if (o.kept) this.#use(o.kept, o.wall)
  }

  get revision() {
    return this.#programme?.revision ?? 0
  }

  /** Takes a newer revision whole, or declines it whole; an older or equal one changes nothing. */
  receive(programme: Programme, wall: number): Effect[] {
    if (programme.revision <= this.revision) return []
    if (programme.timeZone !== this.#site.timeZone) {
      // Its hours would be those of another place: what is in force goes on.
      const reason = `its hours are of ${programme.timeZone}, the site is in ${this.#site.timeZone}`
      this.report = { ...this.report, declined: { revision: programme.revision, reason } }
      return []
    }
    this.#use(programme, wall)
    return [{ keep: 'programme', key: 'in-force', body: programme }]
  }

  #use(programme: Programme, wall: number) {
    const known = new Set(this.#site.zones.map(z => z.id))
    const refused: ProgrammeReport['refused'] = []
    for (const b of programme.bookings) {
      if (!known.has(b.zone)) refused.push({ id: b.id, reason: `unknown zone ${b.zone}` })
      else if (b.to <= b.from) refused.push({ id: b.id, reason: 'ends before it begins' })
    }
    for (const w of programme.weekly) {
      for (const z of w.zones) if (!known.has(z)) refused.push({ id: w.id, reason: `unknown zone ${z}` })
      if (w.from === w.to) refused.push({ id: w.id, reason: 'begins and ends at the same minute' })
    }
    this.#programme = programme
    this.report = { revision: programme.revision, at: wall, refused: refused.slice(0, 200), declined: null }
  }

  /** Brings the arrays in line with the programme; no effects when nothing has changed. */
  step(wall: number): Effect[] {
    if (!this.#programme) return []
    const wanted = wantedHolders(this.#programme, this.#calendar, this.#nodes, this.#arrays.all, wall)
    return [...wanted].flatMap(([ref, holders]) => this.#arrays.putLevels(ref, programmeLevels, holders))
  }

  /** Feeders that are wanted by what they feed, but which a higher holder keeps off. */
  wantedButHeld(): PointRef[] {
    return this.#nodes
      .filter(n => !n.zone)
      .map(n => refOf(n.device, n.command))
      .filter(ref => {
        const array = this.#arrays.of(ref)
        const asked = array.holders.some(h => programmeLevels.includes(h.level) && h.value === true)
        return asked && this.#arrays.value(ref) !== true
      })
  }
}
